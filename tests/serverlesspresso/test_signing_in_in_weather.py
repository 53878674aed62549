"""Signing in while Cognito is busy: a refusal of its own is none of a visitor."""

import pytest
from botocore.exceptions import ClientError

from acceptance.trouble import Trouble
from support.serverlesspresso.front_door import FrontDoor


def front_door(code):
    """A front door whose Cognito answers everybody by this code."""

    def initiate(*_):
        raise ClientError({"Error": {"Code": code, "Message": "said so"}}, "InitiateAuth")

    door = FrontDoor.__new__(FrontDoor)
    door._run_id, door._initiate = "run", initiate
    return door


def test_refusal_of_a_visitor_is_told():
    assert front_door("NotAuthorizedException").try_to_sign_in("nobody") == "NotAuthorizedException: said so"


def test_busy_service_has_refused_nobody():
    with pytest.raises(Trouble, match=r"Whether nobody is let in could not be seen: .*TooManyRequestsException"):
        front_door("TooManyRequestsException").try_to_sign_in("nobody")
