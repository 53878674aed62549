"""Finds names of secrets in a text, and reads the value behind each."""

import re
from collections.abc import Iterator, Sequence

from acceptance.masking.secret_names import Kind, kind_of
from acceptance.masking.secret_values import looks_made
from acceptance.masking.spans import Span, end_of
from acceptance.masking.values import MASK, is_secret_itself, is_secret_value

# After `password:` in a sentence these words begin an explanation.
_PROSE = re.compile(
    r"(?:must|is|are|was|were|should|shall|cannot|can|may|might|has|have|had|not|required|invalid|incorrect|"
    r"wrong|missing|expired|refused|unknown|the|a|an|empty|yes|no|given|set|unset|optional|needs|need|"
    r"does|do|will|would|ok|used|accepted|rejected|masked|hidden|denied|too|for|of|to|at|in|on|by|with|"
    r"from|and|or|but|if|when|it|its|this|that)",
    re.IGNORECASE,
)
_LONGEST_NAME = 64
_STEM = re.compile(
    r"token|pass(?:w|phrase|code|(?![a-z]))|pwd|secret|authori[sz]ation|credential|key|cookie|signature|session|jwt|"
    r"kennwort|geheimnis|zugangscode|mot[ _\-]?de[ _\-]?passe|mdp(?![a-z])|jeton(?![a-z])|contrase[ñn]a|senha(?![a-z])|"
    r"parola|wachtwoord|lösenord|adgangskode|hasło|пароль|パスワード|密[码碼]|assertion|clave(?![a-z])|"
    r"bearer|auth(?![a-z])|sid(?![a-z])|otp(?![a-z])|pin(?![a-z])|pw(?![a-z])|psk(?![a-z])|sig(?![a-z])",
    re.IGNORECASE,
)
_BEGINNINGS = (
    *("token", "pass", "pw", "secret", "auth", "credential", "key", "cookie", "session", "jwt", "bearer"),
    *("sid", "otp", "pin", "psk", "sig", "assertion", "kennwort", "geheimnis", "zugangscode", "mot", "mdp", "jeton"),
    *("contrase", "senha", "parola", "wachtwoord", "lösenord", "adgangskode", "hasło", "пароль", "パスワード", "密"),
    "clave",
)
_KEY_OF = re.compile(r"\b(?:api|access|private|secret|signing|encryption) $", re.IGNORECASE)
_NAME_ON = re.compile(rf"[\w.\-]{{0,{_LONGEST_NAME}}}+")
# A quotation mark: plain, after backslashes, or encoded for HTML, a URL or JSON.
_QUOTE = (
    r"(?:\\{0,64}+[\"'`]|&quot;|&\#0{0,2}3[49];|&\#[xX]0{0,2}2[27];|&apos;|&amp;quot;|%(?:25){0,3}2[27]|"
    r"\\{1,8}+u002[27]|\\{1,8}+x2[27]|[“”„«»])"
)
_SPACE = r"(?:[ \t\xa0]|%20|&nbsp;){0,64}+"
_LINE = r"(?:\\{1,8}+r)?(?:\\{1,8}+n)|\r?\n"
_EQUALS = r"(?:::?=?|=>|-+>|→|,(?= ?<<)|={1,3}|:|%(?:25){0,3}3[AaDd]|&\#(?:58|61);|&\#[xX]3[aAdD];|\\{1,8}+u003[aAdD])"
_ASSIGNED = re.compile(
    rf"\*{{0,2}}(?P<close>{_QUOTE})?[\])]{{0,2}}\.{{0,64}}+{_SPACE}\\{{0,4}}(?P<sign>{_EQUALS})(?P<space>{_SPACE}(?P<lines>(?:(?:{_LINE}){_SPACE}){{1,3}}+)?)"
)
_PAIRED = re.compile(
    rf"{_QUOTE}?{_SPACE}[,;]?{_SPACE}{_QUOTE}?(?:string)?(?:value|val|content){_QUOTE}?{_SPACE}[:=]{_SPACE}",
    re.IGNORECASE,
)
_FORM = re.compile(
    rf"{_QUOTE}(?:;[^\r\n]{{0,200}})?(?:{_LINE})(?:Content-[^\r\n]{{0,200}}(?:{_LINE})){{0,4}}(?:{_LINE})"
)
_TUPLE = re.compile(rf"(?P<close>{_QUOTE})[,;]{_SPACE}(?=(?:s:\d{{1,9}}:)?[bBuU]?{_QUOTE})")
_OPENS = re.compile(rf"[bBuUrRfF]{{0,2}}(?P<quote>{_QUOTE})")
_BEFORE = re.compile(rf"(?P<quote>{_QUOTE})$")
_ELEMENT = re.compile(r"(?:<|&lt;)(?:[\w.\-]{1,32}:)?$")
_IN_TUPLE = re.compile(rf"(?:\(|s:\d{{1,9}}:)[bBuU]?{_QUOTE}$")
_XML = re.compile(r"[^<>&]{0,256}+(?:>|&gt;)\s{0,16}+(?:<\w[^<>]{0,64}+>\s{0,16}+){0,3}+(?:<!\[CDATA\[)?")
_XML_NAMED = re.compile(rf"<[^<>]{{0,60}}\s(?:key|name|id|field)={_QUOTE}$")
_NEXT_CELL = re.compile(r"</\w{1,10}>\s{0,8}+<\w{1,10}[^<>]{0,64}>")
_ENTRY = re.compile(rf"{_QUOTE}[^<>]{{0,64}}>")
_XML_END = re.compile(r"<|&lt;|\]\]>")
_PROSE_LINK = re.compile(
    rf"{_SPACE}(?:(?:is|was|were|-|–)?:?[;:]?\s{{0,4}})(?P<quote>{_QUOTE})?(?P<word>[^\s\"'<>,;()\[\]{{}}]++)"
)
# What gives the type of a value: PHP's length, Erlang's brackets, an annotation, YAML's tags and anchors.
_DECORATION = re.compile(
    r"(?:string\(\d{1,9}\) |s:\d{1,9}:|<<|(?:str|bytes|string|String|SecretStr)(?: \| None)? ?= ?|"
    r"(?:[&!][\w!.\-]{0,32}[ \t]{1,4}+){1,3}+)"
)
_ALSO = re.compile(
    r"(?:\s{1,80}+|\s{0,4}+(?:->|=>|→)\s{0,4}+)[bBuU]?(?P<quote>[\"'])[^\"'\r\n\\]{0,400}+(?P=quote)(?!\s{0,4}[:=])"
)
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?[ \t]*\r?\n(?P<indent>[ \t]+)")
_ANOTHER = re.compile(
    rf"[\s&;,]{{0,8}}(?:amp;)?{_QUOTE}?[\w.\-]{{1,{_LONGEST_NAME}}}+{_QUOTE}?\s{{0,4}}(?:=|:(?=[\s\"'\\]))"
)
_WORD = re.compile(r"[^\s\"'<>]++")
_NEXT_WORD = re.compile(r"[ \t]{1,4}([^\s\"'<>,;]{8,}+)")
_FIRST_WORD = re.compile(r"[A-Za-z']++")
_STOP = re.compile(r"[\s,;&<>\"'`()\[\]{}\\]|%26")
_QUOTE_OR_LINE = re.compile(rf"{_QUOTE}|{_LINE}")
_SCHEMES = ("bearer", "basic", "digest", "negotiate")
_IN_GROUP = re.compile(rf"[\[\](){{}}]|{_QUOTE}")


def named_spans(text: str) -> Iterator[Span]:
    """Find the values of secrets' names."""
    reader, at = _Reader(text), 0
    for begin in _stems(text):
        stem = _STEM.match(text, begin) if begin >= at else None
        if not stem:
            continue
        lowest = max(at, begin - _LONGEST_NAME)
        while begin > lowest and (text[begin - 1].isalnum() or text[begin - 1] in "_-."):
            begin -= 1
        end = end_of(_NAME_ON, text, stem.end())
        while end > stem.end() and text[end - 1] in ".-":
            end -= 1
        name = text[begin:end].lstrip("-.")
        if name.lower() == "key" and (before := _KEY_OF.search(text[max(0, begin - 16) : begin])):
            name = before[0] + name
        at = end
        kind = kind_of(name)
        if kind and (span := reader.value_of(end - len(name), end, kind)):
            yield span
            at = max(at, span[1])
        if kind and is_secret_itself(name):
            yield end - len(name), end


def _stems(text: str) -> Sequence[int]:
    """List where names of secrets could be. Searching for one word at a time is quicker than for all at once."""
    lower, found = text.lower(), []
    for stem in _BEGINNINGS:
        at = lower.find(stem)
        while at >= 0:
            found.append(at)
            at = lower.find(stem, at + len(stem))
    return sorted(found)


class _Reader:
    """Reads the value behind a name."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._never_closed: set[str] = set()
        self._judged = 0

    def value_of(self, begin: int, end: int, kind: Kind) -> Span | None:
        """Return the span of the value of the name from `begin` to `end`; None if it has none that is secret."""
        before = self._text[max(0, begin - 70) : begin]
        if _ELEMENT.search(before):
            return self._element(end, kind)
        opened = _BEFORE.search(before)
        enclosing = opened["quote"] if opened else ""
        for pattern in (_PAIRED, _FORM):
            pair = pattern.match(self._text, end)
            if pair:
                return self._checked(self._value(pair.end(), "", to_line_end=pattern is _FORM), kind)
        assigned = _ASSIGNED.match(self._text, end)
        if assigned:
            return self._assigned(assigned, begin, enclosing, kind)
        return self._beside(before, end, enclosing, kind)

    def _beside(self, before: str, end: int, enclosing: str, kind: Kind) -> Span | None:
        """Read a value without an assignment sign: in XML's entries, in tuples, calls, options and sentences."""
        text = self._text
        if enclosing and (entry := _ENTRY.match(text, end)) and _XML_NAMED.search(before):
            return self._element(entry.end() - 1, kind)
        if (cell := _NEXT_CELL.match(text, end)) and before.endswith(">"):
            return self._element(cell.end() - 1, Kind.WEAK)
        if enclosing and _IN_TUPLE.search(before) and (pair := _TUPLE.match(text, end)):
            return self._checked(self._value(pair.end(), ""), kind)
        if text.startswith("(", end) and kind is Kind.STRONG:
            return end + 1, self._group_end(end) - 1
        if before.endswith("--") and text[end : end + 1] in (" ", "\t"):
            return self._checked(self._value(end + 1, ""), kind)
        return None if kind is Kind.PASS else self._in_prose(end)

    def _element(self, end: int, kind: Kind) -> Span | None:
        """Read the text of an XML element."""
        opened = _XML.match(self._text, end)
        if not opened or opened[0].rstrip().endswith("/>"):
            return None
        closed = _XML_END.search(self._text, opened.end())
        return self._checked((opened.end(), closed.start() if closed else len(self._text)), kind)

    def _assigned(self, assigned: re.Match[str], begin: int, enclosing: str, kind: Kind) -> Span | None:
        text, at = self._text, assigned.end()
        closed = assigned["close"] or ""
        if assigned["lines"] and not self._goes_on_below(at):
            return None
        if enclosing and not closed and text.startswith(enclosing, at):
            return None  # the text ends behind the name: `input('password: ')`
        block = _BLOCK.match(text, end_of(_DECORATION, text, at))
        if block:
            return at, self._block_end(block)
        is_header = "authorization" in text[max(0, begin - 8) : assigned.start()].lower() or kind is Kind.COOKIE
        prose = assigned["sign"] == ":" and bool(assigned["space"]) and not closed
        span = self._value(
            at, "" if closed else enclosing, to_line_end=is_header, prose=prose, starts=self._starts_line(begin)
        )
        return self._checked(span, kind)

    def _goes_on_below(self, at: int) -> bool:
        """Whether a value is on the line below its name: a quoted one, a structure, or a header's."""
        rest = self._text[at : at + 80]
        return bool(
            re.match(
                rf"(?:string\(\d{{1,9}}\) )?[bBuU]?{_QUOTE}|[\[{{]|(?:Bearer|Basic|AWS4\S+)\s", rest, re.IGNORECASE
            )
        ) or ((word := _WORD.match(rest)) is not None and looks_made(word[0]))

    def _starts_line(self, begin: int) -> bool:
        line = self._text.rfind("\n", max(0, begin - 40), begin) + 1 or (0 if begin <= 40 else begin)
        return not self._text[line:begin].strip(" \t-#•>\"'") and (line < begin or begin == 0)

    def _checked(self, span: Span | None, kind: Kind) -> Span | None:
        """Return the span if its content is secret, given the kind of its name."""
        if span is None or span[0] >= span[1]:
            return None
        return span if is_secret_value(self._text[slice(*span)], kind) else None

    def _value(
        self, at: int, enclosing: str, *, to_line_end: bool = False, prose: bool = False, starts: bool = False
    ) -> Span | None:
        text = self._text
        decorated = end_of(_DECORATION, text, at)
        opens = _OPENS.match(text, decorated)
        if opens and opens["quote"]:
            if opens["quote"] in ("'", '"') and text.startswith(opens["quote"] * 2, opens.end()):
                end = text.find(opens["quote"] * 3, opens.end() + 2)
                return opens.end() + 2, end if end >= 0 else len(text)
            end = self._closing(opens.end(), opens["quote"])
            return opens.end(), self._resumed(end + len(opens["quote"]), end)
        if text[at : at + 1] in ("{", "[", "("):
            return at, self._resumed(self._group_end(at), None)
        if prose and (word := _FIRST_WORD.match(text, at)) and _PROSE.fullmatch(word[0]):
            return None
        if text.startswith(MASK, at):  # the rest of the line is not part of it
            to_line_end = starts = False
        end = self._unquoted_end(max(at, decorated), enclosing, to_line_end or (starts and not prose))
        return (at, end) if end > at else None

    def _resumed(self, behind: int, end: int | None) -> int:
        """Continue after a closing quotation mark if text that looks machine-made follows: `password='a' 4xY9…`."""
        stop = behind if end is None else end
        text, at = self._text, behind
        while end is not None and (also := _ALSO.match(text, at)):
            at = also.end()
            stop = at - 1
        for _ in range(8):
            word = _NEXT_WORD.match(text, at)
            if not word or not looks_made(word[1]) or "=" in word[1].rstrip("=") or ":" in word[1]:
                break
            stop = at = word.end()
        return stop

    def _closing(self, at: int, quote: str) -> int:
        """Return the position of the closing quotation mark, or the end of the line."""
        text, mark = self._text, quote[-1]
        if quote not in self._never_closed:
            if mark not in "\"'`":  # encoded differently: the same again closes it
                found = text.find({"“": "”", "„": "“", "«": "»"}.get(quote, quote), at)
                if found >= 0:
                    return found
            else:
                level = len(quote) - 1
                lowest, found = at, text.find(mark, at)
                while found >= 0:
                    slashes = 0
                    while found - slashes > lowest and text[found - slashes - 1] == "\\":
                        slashes += 1
                    if _closes(slashes, level) and not self._is_apostrophe(found, mark):
                        return found - min(slashes, level)
                    lowest = found + 1
                    found = text.find(mark, lowest)
            self._never_closed.add(quote)
        line = text.find("\n", at)
        return line if line >= 0 else len(text)

    def _is_apostrophe(self, at: int, mark: str) -> bool:
        around = self._text[at - 1 : at], self._text[at + 1 : at + 2]
        return mark == "'" and all(side.isalnum() for side in around)

    def _group_end(self, at: int) -> int:
        """Return the end of a bracketed group; the end of the text if it is never closed."""
        text, depth = self._text, 0
        while token := _IN_GROUP.search(text, at):
            at = token.end()
            if token[0] in "([{":
                depth += 1
            elif token[0] in ")]}":
                depth -= 1
                if depth <= 0:
                    return at
            elif not self._is_apostrophe(token.start(), token[0]):
                at = min(len(text), max(at, self._closing(at, token[0]) + len(token[0])))
        return len(text)

    def _unquoted_end(self, begin: int, enclosing: str, to_line_end: bool) -> int:
        """Return the end of an unquoted value, which may contain nearly anything."""
        text, depth, at = self._text, 0, begin
        while stop := _STOP.search(text, at):
            at, sign = stop.start(), stop[0]
            if sign in "\r\n<" or (enclosing and text.startswith(enclosing, at)):
                return at
            if to_line_end and sign in "\"'" and text[at - 1] == "=":  # a part of it has quotation marks
                closed = text.find(sign, at + 1, at + 500)
                at = max(at, closed)
            elif sign in "([{":
                depth += 1
            elif depth:
                depth -= sign in ")]}"
            elif self._ends(begin, at, sign, to_line_end):
                return at
            at += len(sign)
        return len(text)

    def _ends(self, begin: int, at: int, sign: str, to_line_end: bool) -> bool:
        """Whether a sign ends the value that began at `begin`, or belongs to it."""
        text, following = self._text, self._text[at + 1 : at + 2]
        if sign in ")]}\"'`":
            return not following.isalnum()
        if sign == "\\":
            return bool(_QUOTE_OR_LINE.match(text, at))
        if to_line_end:
            return False
        if sign == "%26" or _ANOTHER.match(text, at):
            return True
        if sign in ",;&":
            return not following or following.isspace() or following in "\"'"
        word = _WORD.match(text, at + 1)
        return not word or not (text[begin:at].lower() in _SCHEMES or looks_made(word[0]))

    def _block_end(self, block: re.Match[str]) -> int:
        """Return the end of an indented block, as YAML has it."""
        at = block.end() - len(block["indent"])
        while self._text.startswith(block["indent"], at):
            line = self._text.find("\n", at)
            if line < 0:
                return len(self._text)
            at = line + 1
        return max(at - 1, block.end())

    def _in_prose(self, end: int) -> Span | None:
        """Read `the token AQC4…` and `the password is 'x7…'`: only values that look machine-made."""
        link = _PROSE_LINK.match(self._text, end) if end >= self._judged else None
        if not link:
            return None
        self._judged = link.end()  # a name within this word would read its end only
        if link.start("word") == end:
            return None
        word = link["word"].rstrip(".:!?\\")
        if not looks_made(word):
            return None
        return link.start("word"), link.start("word") + len(word)


def _closes(slashes: int, level: int) -> bool:
    """Whether a quotation mark after so many backslashes closes one that was opened after `level` of them."""
    if slashes < level:
        return True  # that of a surrounding text
    while level:
        if slashes % 2 == 0:
            return False
        slashes, level = (slashes - 1) // 2, (level - 1) // 2
    return slashes % 2 == 0
