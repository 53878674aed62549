"""The contracts of a system: the published form of each message and record, checked in every scenario.

A system's contracts are a folder with an AsyncAPI document, `asyncapi.yaml`, and the JSON Schemas that it names
(draft 2020-12). Checked is what the system itself sends: the channels of the document's operations whose action is
`send`. Records are no part of AsyncAPI; they stand under `x-records`, by the name of the table. The folder is read by
`acceptance.contracts.reading`, which nothing else has to load.
"""

from acceptance.contracts.form import Contracts
from acceptance.contracts.watch import BrokenContract, Watch

__all__ = ["BrokenContract", "Contracts", "Watch"]
