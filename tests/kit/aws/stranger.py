"""What another user of the machine can try at a port: printed as JSON, the status and the text of each answer.

Arguments: the port, and the number of the user to become. It knows no secret and uses Python's own modules only.
"""

import base64
import encodings.idna  # noqa: F401 - loaded before it becomes a user who may not read this machine's Python
import http.client
import io
import json
import os
import sys
import zipfile

CODE = "import os\ndef handler(event, context):\n    return {'uid': os.getuid(), 'of': dict(os.environ)}\n"
SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/lambda/aws4_request, "
    f"SignedHeaders=host;x-amz-date, Signature={'0' * 64}",
    "X-Amz-Date": "20260101T000000Z",
}


def function():
    """Return the request that creates a function."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as code:
        code.writestr("app.py", CODE)
    return json.dumps(
        {
            "FunctionName": "stranger",
            "Runtime": "python3.13",
            "Handler": "app.handler",
            "Role": "arn:aws:iam::000000000000:role/any",
            "Code": {"ZipFile": base64.b64encode(archive.getvalue()).decode()},
        }
    )


def tries():
    """Tell each attempt: its name, the method, the path, the body and the headers."""
    invocation = "/2015-03-31/functions/stranger/invocations"
    sign_in = {
        "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
        "Content-Type": "application/x-amz-json-1.1",
    }
    yield "create", "POST", "/2015-03-31/functions", function(), SIGNED
    yield "invoke", "POST", invocation, "{}", SIGNED
    yield "create without a signature", "POST", "/2015-03-31/functions", function(), {}
    yield "invoke without a signature", "POST", invocation, "{}", {}
    yield "health", "GET", "/_ministack/health", None, {}
    yield "reset", "POST", "/_ministack/reset", "", {}
    yield "configure", "POST", "/_ministack/config", "{}", {}
    yield "sign in", "POST", "/", "{}", sign_in
    yield "use the app", "GET", "/restapis/any/prod/_user_request_/orders", None, {}
    yield "preflight", "OPTIONS", "/2015-03-31/functions", None, {"Origin": "https://evil.example"}
    yield "a page", "POST", "/2015-03-31/functions", function(), {"Origin": "https://evil.example"}
    yield "a rebound name", "GET", "/_ministack/health", None, {"Host": f"evil.example:{sys.argv[1]}"}


def main():
    """Become the other user, and try everything."""
    user = int(sys.argv[2])
    if user != os.getuid():
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    answers = {"uid": os.getuid()}
    for name, method, path, body, headers in tries():
        connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=20)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        said = answer.read().decode(errors="replace")
        answers[name] = [answer.status, said, [k.lower() for k, _ in answer.getheaders()]]
        connection.close()
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    main()
