"""Secrets are masked in any form; other text stays readable; and no text takes long."""

import base64
import html
import json
import time
import urllib.parse
from typing import ClassVar

import pytest

from acceptance.masking import MASK, masked, masked_rows, remember_secret, remember_secrets_in
from acceptance.masking.secret_values import KNOWN

SECRET = "Zx9-HIDDEN_42qQ"
TASK_TOKEN = "AQCEAAAAKgAAAAMAAAAAAAAAASk3Jf9sQ2"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.SflKxwRJSMeKKF2QT4fw"
JSON = json.dumps({"password": SECRET})
READABLE = ("HIDDEN", "Zx9", "42qQ", "Jf9s", "SflK")

STRUCTURES = {
    "a task token": {"TaskToken": TASK_TOKEN},
    "a task token as DynamoDB has it": {"TaskToken": {"S": TASK_TOKEN}},
    "a list of DynamoDB's": {"Item": {"TaskToken": {"L": [{"S": SECRET}]}}},
    "an API's key": {"x-api-key": SECRET},
    "another spelling of it": {"apiKey": SECRET},
    "passwd": {"passwd": SECRET},
    "pass": {"pass": SECRET},
    "a name that ends so": {"dbPass": SECRET},
    "a secret within a name": {f"{SECRET}1234token": 1},
    "a name and its value": {"name": "DB_PASSWORD", "value": SECRET},
    "a list of such pairs": [{"Key": "client_secret", "Value": SECRET}],
    "a list of headers": {"headers": [["Authorization", f"Bearer {SECRET}"], ["x-api-key", SECRET]]},
    "a name of two words": {"API key": SECRET},
    "a cookie": {"Set-Cookie": f"sid={SECRET}; Path=/"},
    "an output of a stack": {"OutputKey": "ApiToken", "OutputValue": SECRET},
    "a text of JSON": {"body": JSON},
    "bytes": JSON.encode(),
    "a text of JSON in one of those": json.dumps(
        {"a": json.dumps({"b": json.dumps({"password": f'q"u\\o {SECRET}'})})}
    ),
}

TEXTS = {
    "JSON": JSON,
    "JSON within a sentence": f"The input was '{JSON}'.",
    "JSON in JSON within a sentence": f"The input was {json.dumps({'body': JSON})}.",
    "JSON that was cut off": f'{{"a": 1, "TaskToken": "{SECRET}',
    "a list of DynamoDB's in a sentence": f'got {{"TaskToken": {{"L": [{{"S": "{SECRET}"}}]}}}}',
    "Python's notation": str({"password": f"it's {SECRET}"}),
    "a list in Python's notation": str({"authorization": [f"Bearer {SECRET}", f"second {SECRET}"]}),
    "bytes in Python's notation": f"{{b'authorization': b'Bearer {SECRET}'}}",
    "pairs in Python's notation": f"[(b'x-api-key', b'{SECRET}')]",
    "a dataclass": f"Login(user='ada', password='{SECRET}')",
    "an object in an object": f"password=SecretStr('{SECRET} x')",
    "Ruby's notation": f':password => "{SECRET}"',
    "Go's notation": f"map[password:{SECRET} user:ada]",
    "an item of a mapping": f"os.environ['API_KEY'] = '{SECRET}'",
    "a header": f"Authorization: Bearer {SECRET}",
    "a header of a proxy": f"Proxy-Authorization: Basic {base64.b64encode(f'ada:{SECRET}'.encode()).decode()}",
    "a header in two lines": f"Authorization:\n  Bearer {SECRET}",
    "a signed header": f"Authorization: AWS4-HMAC-SHA256 Credential=A/b, SignedHeaders=host, Signature={SECRET}",
    "a session's header": f"X-Amz-Security-Token: {SECRET}",
    "cookies": f"Cookie: theme=dark; session={SECRET}",
    "a scheme without its header": f"sent Bearer eyJhbGciOi.J9.{SECRET}",
    "a bare JWT": f"the app sent {JWT} to us",
    "a bare task token": f"Task Timed Out: Provided task does not exist anymore: {TASK_TOKEN}",
    "an error of boto3": f"(InvalidToken) when calling the SendTaskSuccess operation: Invalid Token: '{TASK_TOKEN}'",
    "a word behind the name": f"Invalid token {SECRET}.",
    "a sentence": f"the password was '{SECRET}'",
    "a query": f"https://x/y?TaskToken={SECRET}&z=1",
    "a signed address": f"https://b.s3/x?X-Amz-Algorithm=A&X-Amz-Signature={SECRET}&z=1",
    "a fragment": f"https://x/cb#id_token={JWT}&state=1",
    "a user's address": f"https://user:{SECRET}@host/",
    "a database's address": f"postgresql://ada:p@{SECRET}@db:5432/x",
    "a form": f"user=ada&password=my+{SECRET}&x=1",
    "a form in parts": f'Content-Disposition: form-data; name="password"\r\n\r\n{SECRET}\r\n--x',
    "a URL's coding": urllib.parse.quote(JSON),
    "a URL's coding twice": urllib.parse.quote(urllib.parse.quote(JSON)),
    "HTML": html.escape(JSON),
    "HTML with numbers": html.escape(JSON).replace("&quot;", "&#34;"),
    "XML in HTML": html.escape(f"<Password>{SECRET}</Password>"),
    "XML": f"<TaskToken>{SECRET}</TaskToken>",
    "XML with a prefix": f"<ns2:password>{SECRET}</ns2:password>",
    "XML, unparsed": f"<secret><![CDATA[{SECRET}]]></secret>",
    "XML's attribute": f'<login user="ada" password="{SECRET}"/>',
    "XML's entry": f'<entry key="db.password">{SECRET}</entry>',
    "base64": base64.b64encode(JSON.encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(f'{{"token": "{SECRET}??>>"}}'.encode()).decode().rstrip("="),
    "base64 in lines": base64.encodebytes(json.dumps({"token": SECRET, "a": "b" * 90}).encode()).decode(),
    "hexadecimal digits": f"password={SECRET}".encode().hex(),
    "escapes": "".join(f"\\u{ord(sign):04x}" for sign in f"password={SECRET}"),
    "YAML": f"user: ada\npassword: {SECRET}\nhost: x",
    "a block of YAML": f"password: |\n  {SECRET}\n  more-{SECRET}\nhost: x",
    "a file of settings": f"[db]\nclient_secret = {SECRET}\n",
    "a variable": f"export PGPASSWORD={SECRET}",
    "AWS's variable": f"AWS_SECRET_ACCESS_KEY={SECRET}",
    "an option": f"mysql --password {SECRET} --host x",
    "curl's option": f"curl -u ada:{SECRET} https://x",
    "Kafka's property": f"sasl.password={SECRET}",
    "Kafka's login": f'PlainLoginModule required username="u" password="{SECRET}";',
    "Java's properties": f'required username\\="u" password\\="{SECRET}";',
    "a connection string": f"Server=x;User Id=ada;Password={SECRET};Encrypt=true",
    "an account's key": f"AccountName=x;AccountKey={SECRET}==;Suffix=y",
    "a name of two words": f"API key: {SECRET}",
    "a name in bold": f"**password**: {SECRET}",
    "a mail": f"Your password is: {SECRET}",
    "a dash": f"password - {SECRET}",
    "a table of HTML": f"<td>password</td><td>{SECRET}</td>",
    "a passphrase": f"passphrase={SECRET}",
    "an arrow": f"TaskToken -> {SECRET}",
    "another arrow": f"password → {SECRET}",
    "brackets": f"TaskToken({SECRET})",
    "a space in it": f'password: "my pass {SECRET}"',
    "a comma in it": f"password=abc,{SECRET}",
    "an ampersand in it": f"password=ab&{SECRET}",
    "a brace in it": f"password={{{SECRET}}}",
    "a line end in it": f'"password":"line1\n{SECRET}"',
    "a quotation mark in it": f'password: "a\\"{SECRET}"',
    "a dot of the mask in it": f"password=•{SECRET}",
    "more behind its quotation mark": f"password='a' {SECRET}",
    "wide letters": f"ｐａｓｓｗｏｒｄ={SECRET}",
    "a name with a space of no width": f"pass\u200bword={SECRET}",
    "a private key": f"-----BEGIN PRIVATE KEY-----\n{SECRET}",
    "a private key in JSON": json.dumps({"k": f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----"}),
    "a table's column": f"| user | password |\n| ada | {SECRET} |\n| ben | {SECRET} |",
    "a table's row": f"| user | ada |\n| password | {SECRET} |",
    "a header in a log": json.dumps({"log": f"> x-api-key: {SECRET}\n> host: x"}),
    "a password in German": f"Kennwort={SECRET}",
    "a password in French": f"Mot de passe : {SECRET}",
    "a password in Spanish": f"contraseña={SECRET}",
    "a password in Russian": f"пароль={SECRET}",
    "a password in Chinese": f"密码：{SECRET}",
    "an assertion": f"client_assertion={SECRET}&x=1",
    "a client's key": f"client-key-data: {SECRET}",
    "a name with escapes": f'got {{"\\u0070\\u0061ssword": "{SECRET}"}} x',
    "escaped slashes": f'"https:\\/\\/ada:{SECRET}@h\\/"',
    "Docker's option": f"docker login -u ada -p {SECRET} reg.io",
    "MySQL's option": f"mysql -u root -p{SECRET} db",
    "Redis's option": f"redis-cli -a {SECRET} -h x",
    "curl's option without a space": f"curl -uada:{SECRET} https://h/",
    "netrc": f"machine api.x.io\n  login ada\n  password {SECRET}\n",
    "pgpass": f"db.x:5432:app:ada:{SECRET}",
    "SQL": f"CREATE USER ada IDENTIFIED BY '{SECRET}'",
    "Oracle's address": f"jdbc:oracle:thin:scott/{SECRET}@//h:1521/x",
    "a digest": f'Authorization: Digest username="ada", realm="x", nonce="abc", response="{SECRET}"',
    "Python's annotation": f"password: str = '{SECRET}'",
    "Python's joined literals": f"{{'password': 'abc'\n             '{SECRET}'}}",
    "three quotation marks": f'password = """\n{SECRET}"""\n',
    "PHP's dump": f'array(1) {{\n  ["password"]=>\n  string(14) "{SECRET}"\n}}',
    "PHP, serialized": f's:8:"password";s:14:"{SECRET}";',
    "Erlang's notation": f'{{password,<<"{SECRET}">>}}',
    "YAML's indented block": f"password: |2\n  {SECRET}\n",
    "YAML's tag": f"password: !vault |\n  {SECRET}\n",
    "YAML's anchor": f"password: &pw {SECRET}\n",
    "a change of Terraform's": f'  ~ password = "abc" -> "{SECRET}"',
    "LDIF": f"userPassword:: {base64.b64encode(SECRET.encode()).decode()}",
    "dots": f"password..........: {SECRET}",
    "XML in XML": f"<property name='password'><value>{SECRET}</value></property>",
    "XML's members": f"<name>password</name><value><string>{SECRET}</string></value>",
    "a table of Markdown": f"user | password\n--- | ---\nada | {SECRET}",
    "a table in a frame": f"+---+---+\n| user | password |\n+---+---+\n| ada | {SECRET} |\n+---+---+",
    "a record of psql": f"user     | ada\npassword | {SECRET}\n",
    "CSV": f'"user","password"\n"ada","{SECRET}"\n',
    "CSV with semicolons": f"user;password\nada;{SECRET}\n",
    "columns with tabs": f"user\tpassword\nada\t{SECRET}\nben\t{SECRET}",
    "colours": f"password: \x1b[1m{SECRET}\x1b[0m",
}  # fmt: skip

HARMLESS = [
    "password must be at least 8 characters", "password: must not be empty", "the token was used twice", "Pass",
    "compass: north", "tokens: 12", "pass: 3 of 4", "Pass rate: 98 %", "bypass: yes", "monkey: value", "key: value",
    "pass 9f86d081",
    "sort key: PK#42", "primary key: SK", "partition key=orderId", "the key is order-2", "passwords: 3",
    "The pass of Ada's order is refused", "| Cookie | 2.50 |\n| Espresso | 1.50 |", "cookie: chocolate chip",
    "Signature drink: Flat White", "Signature: Flat White", "secretary: Ada", "secret menu: Flat White",
    "Passed: 12, Failed: 0", "token_type: Bearer", "TokenCount: 4", '{"max_tokens": 100}', "session 3 of 4",
    "An error occurred (InvalidToken) when calling the SendTaskSuccess operation", "InvalidToken: An error occurred",
    "arn:aws:states:eu-west-1:123456789012:execution:OrderProcessorWorkflow:9d1f0f7e-3c8b-4a73-9f5e-1f1f2a3b4c5d",
    "arn:aws:states:::events:putEvents.waitForTaskToken", "2026-11-27T10:00:00.000Z", "basic training",
    'File "systems/serverlesspresso/functions/orders_api/app.py", line 12, in handler', "bearer of good news",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "https://example.org/path?x=1#y",
    "wait for the password prompt", "Password:", "Password: \nWelcome Ada", "authorization is required",
    "credentials: missing", "auth: none", "token: none", "pin the order to the board", '{"token": null, "a": "Latte"}',
    '{"password": ""}', "Nobody can log in: the password is not known. Check it.", "wrong password", "a: b, c: d",
    "Check the password (ACCEPTANCE_FULFILMENT_PASSWORD) and who may log in.", "No token was sent", "Key: PK",
    "Check retail_sasl_username and its password.", "Incorrect username or password.", "mailto:ada@example.org",
    "Tokens and passwords are masked.", "Expected: an order\n     but: there is none",
]  # fmt: skip


def shown(value):
    return json.dumps(value, ensure_ascii=False)


class TestForms:
    @pytest.mark.parametrize("value", STRUCTURES.values(), ids=STRUCTURES)
    def test_secret_in_a_structure_is_masked(self, value):
        assert not any(part in shown(masked(value)) for part in READABLE)

    @pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
    @pytest.mark.parametrize("wrap", [str, "Expected:\n{}\n     but: none".format], ids=["alone", "in a message"])
    def test_secret_in_a_text_is_masked(self, text, wrap):
        done = masked(wrap(text))
        assert MASK in done
        assert not any(part in done for part in READABLE)

    @pytest.mark.parametrize("text", HARMLESS)
    def test_what_is_harmless_stays_as_it_is(self, text):
        assert masked(text) == text

    @pytest.mark.parametrize("value", [*STRUCTURES.values(), *TEXTS.values()], ids=[*STRUCTURES, *TEXTS])
    def test_masking_what_is_masked_changes_nothing(self, value):
        once = masked(value)
        assert masked(once) == once

    def test_header_as_bytes_is_masked(self):
        assert masked([(b"x-api-key", SECRET.encode())]) == [["x-api-key", MASK]]

    def test_rest_of_a_text_stays(self):
        told = masked(f"GET https://user:{SECRET}@host/orders?token={SECRET}&drink=Latte took 3.5 s")
        assert told == f"GET https://user:{MASK}@host/orders?token={MASK}&drink=Latte took 3.5 s"

    @pytest.mark.parametrize("value", [None, True, False, ""])
    def test_value_that_is_none_says_so(self, value):
        assert masked({"token": value}) == {"token": value}

    def test_json_stays_json(self):
        text = json.dumps({"a": [{"password": SECRET}], "b": f'say "token={SECRET}"', "c": 1.5}, indent=2)
        assert json.loads(masked(text)) == {"a": [{"password": MASK}], "b": f'say "token={MASK}"', "c": 1.5}

    def test_column_of_a_table_is_masked(self):
        rows = [["user", "password"], ["ada", SECRET], ["ben", ""]]
        assert masked_rows(rows) == [["user", "password"], ["ada", MASK], ["ben", ""]]


class TestKnownValues:
    """A value that the run has met is masked wherever it turns up, though nothing beside it says what it is."""

    VALUE = "Kx7/\"pf+ä'=&<Qm-93"
    CODED: ClassVar = {
        "as it is": str,
        "JSON": lambda value: json.dumps({"a": value}),
        "JSON in JSON": lambda value: f"said {json.dumps(json.dumps({'a': value}))}",
        "Python": lambda value: repr({"a": value}),
        "a URL": urllib.parse.quote,
        "a form": lambda value: urllib.parse.urlencode({"a": value}),
        "HTML": html.escape,
        "base64": lambda value: base64.b64encode(value.encode()).decode(),
        "base64 of a text around it": lambda value: base64.b64encode(f"a text: {value}!".encode()).decode(),
        "base64 for URLs": lambda value: base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
        "hexadecimal digits": lambda value: value.encode().hex(),
        "escapes": lambda value: "".join(f"\\u{ord(sign):04x}" for sign in value),
        "HTML's numbers": lambda value: "".join(f"&#{ord(sign)};" for sign in value),
        "lines": lambda value: f"{value[:9]}\n    {value[9:]}",
        "base64 within bytes": lambda value: base64.b64encode(b"\xff\x00" + value.encode() + b"\xfe").decode(),
        "base64 within bytes, shifted": lambda value: base64.b64encode(b"\xff" + value.encode() + b"\xfe").decode(),
        "base64 for URLs behind a byte": lambda value: (
            base64.urlsafe_b64encode(b"\xff\xff\xff" + value.encode()).decode().rstrip("=")
        ),
        "base64 in lines": lambda value: base64.encodebytes(b"hello " * 20 + value.encode() * 3).decode().strip(),
        "base64 in JSON of a kind": lambda value: (
            base64.b64encode(b"???>>>" + value.encode()).decode().replace("/", "\\/")
        ),
        "hexadecimal digits among others": lambda value: f"0xff{value.encode().hex().upper()}00",
        "a URL thrice": lambda value: urllib.parse.quote(urllib.parse.quote(urllib.parse.quote(value, ""), ""), ""),
        "small digits in a URL": lambda value: "".join(f"%{sign:02x}" for sign in value.encode()),
        "HTML twice": lambda value: html.escape(html.escape(value)),
        "HTML's hexadecimal numbers": lambda value: "".join(f"&#X{ord(sign):X};" for sign in value),
        "XML": lambda value: html.escape(value).replace("&#x27;", "&apos;"),
        "JSON four times": lambda value: json.dumps(json.dumps(json.dumps(json.dumps(value)))),
        "JSON with escaped slashes": lambda value: json.dumps(value).replace("/", "\\/"),
        "escapes of bytes": lambda value: "".join(f"\\x{sign:02x}" for sign in value.encode()),
        "escapes in braces": lambda value: "".join(f"\\u{{{ord(sign):x}}}" for sign in value),
        "SQL": lambda value: value.replace("'", "''"),
        "a shell": lambda value: value.replace("'", "'\\''"),
    }

    @pytest.fixture(autouse=True)
    def known(self):
        KNOWN.forget()
        remember_secret(self.VALUE)
        yield
        KNOWN.forget()

    @pytest.mark.parametrize("code", CODED.values(), ids=CODED)
    def test_known_value_is_masked_in_every_coding(self, code):
        coded = code(self.VALUE)
        done = masked(f"The café said {coded} and went on")
        assert coded not in done
        assert MASK in done
        assert done.startswith("The café said ")
        assert done.endswith(" and went on")

    def test_what_a_structure_calls_secret_is_remembered(self):
        remember_secrets_in({"orderId": "order-77", "detail": [{"TaskToken": {"S": "0b9f64e2-token-of-the-emulator"}}]})
        assert masked("got 0b9f64e2-token-of-the-emulator for order-77") == f"got {MASK} for order-77"

    def test_short_value_is_masked_as_a_word_only(self):
        remember_secret("latte77")
        assert masked("latte77, but not latte778") == f"{MASK}, but not latte778"

    def test_value_too_short_to_be_told_from_words_is_left_alone(self):
        remember_secret("tea")
        assert masked("tea for two") == "tea for two"

    def test_thousands_of_values_cost_no_more_than_one(self):
        for number in range(5_000):
            remember_secret(f"AQC{number:05d}" + "xY9" * 100)
        text = "an ordinary sentence about orders, 42 of them. " * 500
        with_many = [least_time(text) for _ in range(3)]
        KNOWN.forget()
        remember_secret(self.VALUE)
        assert min(with_many) < 5 * least_time(text)


def least_time(text):
    """Return the least processor time of three tries: a busy machine makes none of them longer than it is."""
    times = []
    for _ in range(3):
        began = time.process_time()
        masked(text)
        times.append(time.process_time() - began)
    return min(times)


HOSTILE = [
    "token ", '"', "\\", "{", "[", "=", "w", "a1", "token=", 'token="', "token='", "token:`\n", "token={",
    'token: \\"x\n', '{"a":', "://", "://a:b@", "%20", "\\u0041", "&quot;",
    "token" + " " * 100, "token(", "<token>", "<token ", "|",
    "| token |\n", "-----BEGIN PRIVATE KEY-----\n", "Bearer ", "Authorization:\n", "password: |\n  x\n", "key",
    "token%3D", "token->", '"token","value":', "token: ,a", "token=a&", "token:(", "token=)", "eyJabcde.", "AKIA",
    "QUJD", "4142", "\n", "-", "é", "\u200b", "'", "'token' ", '"token" "', "token: [\"",
    "token: {'a\": ", "token=\\",
    "token=a1b2c3d4 " + "a1b2c3d4 " * 20, " -u a", "--token ", 'token"\nContent-x\n', "QUJD" * 16 + "\n",
    "abcdefgh\n", "password : x y z1234567 ", "eyJ", "eyJaaaaaa", "%25", "&amp;", "\\x22", "\\/", "password",
    "a,password\n", "a,b\n", "password\tx\n", "login -p a ", "login ",
    "machine a login b password c ", "a:1234:b:c:d\n",
    "password: &a ", 'password="""', "password='a'\n'b'", "authorization: digest a=\"", "<password><a>",
    "password....", "mot", ":thin:a/", "–password",
]  # fmt: skip


@pytest.mark.parametrize("part", HOSTILE)
def test_time_grows_with_the_length_only(part):
    """Four times the text may take four times as long; what grew with the square would take sixteen times as long."""
    remember_secret("a value of this run 42")
    short, long = (part * (length // len(part)) for length in (8_000, 32_000))
    floor = 0.002  # below it a clock shows noise
    # What grows with the square does so each time; what another program has slowed down does not.
    assert any(least_time(long) < 9 * max(least_time(short), floor) for _ in range(4))


@pytest.mark.parametrize("depth", [100, 5_000, 200_000])
def test_deep_nesting_ends_nothing(depth):
    assert masked("[" * depth + "]" * depth)
    assert SECRET not in masked('{"a":' * depth + f'{{"password": "{SECRET}"}}' + "}" * depth)


def test_structure_that_holds_itself_ends_nothing():
    loop = {"password": SECRET}
    loop["again"] = [loop, loop]
    assert SECRET not in str(masked(loop))
