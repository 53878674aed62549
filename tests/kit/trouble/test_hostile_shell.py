"""A scenario of each system passes with any shell, home folder and proxies of the caller."""

import pytest

pytestmark = pytest.mark.cloud
SECONDS = 300  # four systems are brought up
SMOKE = (
    "features/serverlesspresso/app.feature",
    "features/durable_orders/orders.feature",
    "features/fulfilment/delivering.feature",
    "features/retail/enrichment.feature",
    "--tags=@smoke",
)
NOWHERE = "http://127.0.0.1:9"
SHELL = {
    **dict.fromkeys(("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"), NOWHERE),
    "REQUESTS_CA_BUNDLE": "/nowhere.pem",
    "SERVICES": "s3",
    "MINISTACK_HOST": "shop.example",
    "USE_SSL": "1",
    "LAMBDA_STRICT": "1",
    "PYTHONWARNINGS": "always",
    "LC_ALL": "de_DE.ISO-8859-1",
    "TZ": "Asia/Tokyo",
    "AWS_PROFILE": "nobody",
    "AWS_ENDPOINT_URL": NOWHERE,
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": "abc",
    "AWS_DEFAULTS_MODE": "abc",
    "AWS_MAX_ATTEMPTS": "abc",
}


def test_no_setting_of_the_caller_s_reaches_an_embedded_run(start, tmp_path):
    (tmp_path / ".netrc").write_text("default\nlogin ada\npassword of-a-person\n")
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(f"[default]\nmax_attempts = abc\nendpoint_url = {NOWHERE}\n")
    (tmp_path / ".aws" / "credentials").write_text("[default\n")
    run = start(*SMOKE, "-D", "report=no", **SHELL)
    assert run.ended(SECONDS) == 0, run.output
    assert run.words() == ["passed"] * 4
