"""The weather station: a proxy in front of an account, which makes it behave as AWS does on good and on bad days.

`weathers` is the table of the named weathers, `station` the proxy. Each of the others is one kind of weather: `words`
(how services refuse), `late` (what is shown late), `queues` (what rules and queues deliver, when and how often),
`permissions`, and `answers` (small pages, clocks that differ).
"""
