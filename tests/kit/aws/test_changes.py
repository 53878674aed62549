"""The changes of a record, from a real table's stream."""

import uuid
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError

from acceptance.aws.changes import RecordChanges
from support.serverlesspresso.watched import ORDER

pytestmark = pytest.mark.cloud


@pytest.fixture(scope="module")
def streams(account):
    return account.client("dynamodbstreams")


@pytest.fixture
def changes(account, parts, streams):
    changes = RecordChanges(account.dynamodb, streams, parts.orders_table, ORDER)
    changes.open()
    return changes


def put(account, parts, order_id, **attributes):
    item = {"PK": {"S": "orders"}, "SK": {"S": order_id}, **{name: {"S": text} for name, text in attributes.items()}}
    account.dynamodb.put_item(TableName=parts.orders_table, Item=item)


def test_tells_what_changed_of_one_record_and_when(account, parts, changes):
    order_id, other = uuid.uuid4().hex, uuid.uuid4().hex
    before = datetime.now(UTC).timestamp() * 1000
    put(account, parts, order_id, ORDERSTATE="CREATED", TaskToken="secret-token")
    put(account, parts, other, ORDERSTATE="CREATED")
    put(account, parts, order_id, ORDERSTATE="CREATED", TaskToken="another-token", orderNumber="7")
    account.dynamodb.delete_item(TableName=parts.orders_table, Key={"PK": {"S": "orders"}, "SK": {"S": order_id}})
    told = changes.of_key(order_id)
    assert [change.words for change in told] == ["stored", "pass, orderNumber changed", "removed"]
    assert all(before - 1000 <= change.created_ms <= before + 10_000 for change in told)
    assert "token" not in str(told)


def test_does_not_tell_what_was_before_it_was_opened_and_tells_later_ones_once(account, parts, streams):
    order_id = uuid.uuid4().hex
    put(account, parts, order_id, ORDERSTATE="CREATED")
    changes = RecordChanges(account.dynamodb, streams, parts.orders_table, ORDER)
    changes.open()
    assert changes.of_key(order_id) == ()
    put(account, parts, order_id, ORDERSTATE="Completed")
    assert [change.words for change in changes.of_key(order_id)] == ["ORDERSTATE changed"]
    assert len(changes.of_key(order_id)) == 1


def test_a_table_without_a_stream_has_no_known_changes(account, parts, streams):
    changes = RecordChanges(account.dynamodb, streams, parts.config_table, ORDER)
    changes.open()
    assert changes.of_key("2") == ()


class Paper:
    """DynamoDB's streams on paper: what each call answers, or raises."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.iterators = []

    def describe_table(self, **_):
        return {"Table": {"LatestStreamArn": "arn"}}

    def describe_stream(self, **asked):
        first = "ExclusiveStartShardId" not in asked
        page = {"Shards": [{"ShardId": "one" if first else "two"}]}
        return {"StreamDescription": page | ({"LastEvaluatedShardId": "one"} if first else {})}

    def get_shard_iterator(self, ShardId, ShardIteratorType, **_):
        self.iterators.append((ShardId, ShardIteratorType))
        return {"ShardIterator": f"{ShardId} {ShardIteratorType}"}

    def get_records(self, **_):
        answer = self.answers.pop(0) if self.answers else {"Records": [], "NextShardIterator": None}
        if isinstance(answer, Exception):
            raise answer
        return answer


def refusal(code):
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "GetRecords")


def record(order_id):
    image = {"SK": {"S": order_id}}
    told = {"Keys": image, "NewImage": image, "ApproximateCreationDateTime": datetime.now(UTC)}
    return {"eventName": "INSERT", "dynamodb": told}


def test_every_page_and_every_shard_is_read():
    pages = [{"Records": [record("2")], "NextShardIterator": "more"}, {"Records": [], "NextShardIterator": "more"},
             {"Records": [record("2")], "NextShardIterator": None}]  # fmt: skip
    paper = Paper(*pages)
    changes = RecordChanges(paper, paper, "orders", ORDER)
    changes.open()
    assert len(changes.of_key("2")) == 2
    assert paper.iterators == [("one", "LATEST"), ("two", "LATEST")]


def test_a_place_that_has_expired_is_looked_up_again():
    paper = Paper(refusal("ExpiredIteratorException"), {"Records": [record("2")], "NextShardIterator": None})
    changes = RecordChanges(paper, paper, "orders", ORDER)
    changes.open()
    assert len(changes.of_key("2")) == 1


@pytest.mark.parametrize("trouble", [refusal("AccessDeniedException"), EndpointConnectionError(endpoint_url="there")])
@pytest.mark.parametrize("call", ["describe_table", "describe_stream", "get_shard_iterator", "get_records"])
def test_where_the_stream_cannot_be_read_no_changes_are_told(call, trouble):
    def refuses(**_):
        raise trouble

    paper = Paper({"Records": [record("2")], "NextShardIterator": None})
    setattr(paper, call, refuses)
    changes = RecordChanges(paper, paper, "orders", ORDER)
    changes.open()
    assert changes.of_key("2") == ()
    assert changes.of_key("2") == (), "and it is not asked again"


LOST = ConnectionClosedError(endpoint_url="there")
BUSY = ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "GetRecords")


@pytest.mark.parametrize("trouble", [LOST, BUSY], ids=["lost", "busy"])
class TestAnswerThatIsLost:
    """One response is lost, after all retries; its content arrives with the next one."""

    def lose_once(self, paper, call, trouble):
        real = getattr(paper, call)

        def lost(**asked):
            setattr(paper, call, real)
            raise trouble

        setattr(paper, call, lost)

    @pytest.mark.parametrize("call", ["describe_table", "describe_stream", "get_shard_iterator"])
    def test_when_the_stream_is_opened(self, call, trouble):
        paper = Paper({"Records": [record("2")], "NextShardIterator": None})
        self.lose_once(paper, call, trouble)
        changes = RecordChanges(paper, paper, "orders", ORDER)
        changes.open()
        assert len(changes.of_key("2")) == 1

    def test_between_two_pages(self, trouble):
        page = {"Records": [record("2")], "NextShardIterator": "more"}
        paper = Paper(page, trouble, page, {"Records": [], "NextShardIterator": None})
        changes = RecordChanges(paper, paper, "orders", ORDER)
        changes.open()
        assert len(changes.of_key("2")) == 1
        assert len(changes.of_key("2")) == 2


def test_place_that_has_expired_is_looked_up_behind_the_last_record():
    one = record("2")
    one["dynamodb"]["SequenceNumber"] = "17"
    asked = []
    paper = Paper({"Records": [one], "NextShardIterator": "more"}, refusal("ExpiredIteratorException"),
                  {"Records": [record("2")], "NextShardIterator": None})  # fmt: skip
    known = paper.get_shard_iterator
    paper.get_shard_iterator = lambda **wanted: asked.append(wanted) or known(**wanted)
    changes = RecordChanges(paper, paper, "orders", ORDER)
    changes.open()
    assert len(changes.of_key("2")) == 2
    assert (asked[-1]["ShardIteratorType"], asked[-1]["SequenceNumber"]) == ("AFTER_SEQUENCE_NUMBER", "17")
