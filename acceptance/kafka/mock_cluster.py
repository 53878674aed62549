"""The program of the embedded broker: librdkafka's mock cluster on the loopback interface.

Started by `acceptance.kafka.broker` as a process of its own: `python -m acceptance.kafka.mock_cluster topic …`. It
prints its address, and ends as soon as its standard input ends: that is, when its parent closes it or dies.

A producer with `test.mock.num.brokers` would have such a cluster too. In this way the number of a topic's partitions
and the timeout of a dead consumer can be set, and tests can make it refuse requests. The functions are
those of rdkafka_mock.h, which is public; its cluster lives in the memory of the process that creates it.
"""

import ctypes
import sys
from pathlib import Path

import confluent_kafka

from acceptance.kafka.door import Door, can_be_kept

# The commands of the process, a line each; it answers with a line.
REFUSE, TAKE = "refuse messages", "take messages"
ORDERS = {REFUSE: "refuse_messages", TAKE: "take_messages"}
PARTITIONS = 4
# A dead member of a consumer group is replaced by another one after this time, in ms. Kafka's default is 45 s.
SESSION_MS, HEARTBEAT_MS = 3000, 500
# Numbers of Kafka's protocol: of a request, and of an error after which a producer retries.
_PRODUCE, _NOT_ENOUGH_REPLICAS, _MANY = 0, 19, 10_000
_PRODUCER, _BROKERS, _FIRST_BROKER, _COPIES, _MESSAGE = 0, 1, 1, 1, 512


class MockCluster:
    """A cluster of one broker in this process. It lives until `close()`, or as long as the process."""

    def __init__(self) -> None:
        """Start it. Raises OSError if librdkafka is not found, RuntimeError if it does not start."""
        self._kafka = _library()
        words = ctypes.create_string_buffer(_MESSAGE)
        self._client = self._kafka.rd_kafka_new(_PRODUCER, None, words, _MESSAGE)
        if not self._client:
            raise RuntimeError(words.value.decode())
        self._cluster = self._kafka.rd_kafka_mock_cluster_new(self._client, _BROKERS)
        self._kafka.rd_kafka_mock_set_group_consumer_session_timeout_ms(self._cluster, SESSION_MS)
        self._kafka.rd_kafka_mock_set_group_consumer_heartbeat_interval_ms(self._cluster, HEARTBEAT_MS)

    @property
    def address(self) -> str:
        """Its `bootstrap.servers`."""
        return str(self._kafka.rd_kafka_mock_cluster_bootstraps(self._cluster).decode())

    def create_topic(self, name: str, partitions: int = PARTITIONS) -> None:
        """Create a topic. Raises RuntimeError if that fails."""
        self._check(self._kafka.rd_kafka_mock_topic_create(self._cluster, name.encode(), partitions, _COPIES))

    def refuse_topic(self, name: str, error: int) -> None:
        """Answer everything about a topic with an error of Kafka's protocol; 0 ends that."""
        self._kafka.rd_kafka_mock_topic_set_error(self._cluster, name.encode(), error)

    def refuse_messages(self) -> None:
        """Refuse all messages, for lack of replicas. Producers retry until `take_messages`."""
        self.refuse_requests(_PRODUCE, _NOT_ENOUGH_REPLICAS)

    def refuse_requests(self, kind: int, error: int) -> None:
        """Answer requests of a kind with an error, both numbers of Kafka's protocol."""
        refusals = (ctypes.c_int * _MANY)(*[error] * _MANY)
        self._kafka.rd_kafka_mock_push_request_errors_array(self._cluster, kind, _MANY, refusals)

    def take_messages(self) -> None:
        """Accept messages again."""
        self._kafka.rd_kafka_mock_clear_request_errors(self._cluster, _PRODUCE)

    def go_away(self) -> None:
        """Stop answering."""
        self._kafka.rd_kafka_mock_broker_set_down(self._cluster, _FIRST_BROKER)

    def close(self) -> None:
        """End it."""
        self._kafka.rd_kafka_mock_cluster_destroy(self._cluster)
        self._kafka.rd_kafka_destroy(self._client)

    def _check(self, error: int) -> None:
        if error:
            raise RuntimeError(self._kafka.rd_kafka_err2str(error).decode())


def _library() -> ctypes.CDLL:
    """Return the librdkafka that confluent-kafka contains and has loaded."""
    package = Path(confluent_kafka.__file__).parent
    folders = (package.with_name("confluent_kafka.libs"), package / ".dylibs")
    found = [path for folder in folders for path in folder.glob("*rdkafka*") if "++" not in path.name]
    if not found:
        raise OSError(f"There is no librdkafka beside {package}: was confluent-kafka built here, without its own one?")
    kafka = ctypes.CDLL(str(found[0]))
    pointers = ("rd_kafka_new", "rd_kafka_mock_cluster_new")
    for name in pointers:
        getattr(kafka, name).restype = ctypes.c_void_p
    for name in ("rd_kafka_err2str", "rd_kafka_mock_cluster_bootstraps"):
        getattr(kafka, name).restype = ctypes.c_char_p
    kafka.rd_kafka_new.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t)
    kafka.rd_kafka_mock_cluster_new.argtypes = (ctypes.c_void_p, ctypes.c_int)
    kafka.rd_kafka_mock_topic_create.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_int)
    kafka.rd_kafka_mock_topic_set_error.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
    kafka.rd_kafka_mock_set_group_consumer_session_timeout_ms.argtypes = (ctypes.c_void_p, ctypes.c_int)
    kafka.rd_kafka_mock_set_group_consumer_heartbeat_interval_ms.argtypes = (ctypes.c_void_p, ctypes.c_int)
    errors = ctypes.POINTER(ctypes.c_int)
    push = (ctypes.c_void_p, ctypes.c_int16, ctypes.c_size_t, errors)
    kafka.rd_kafka_mock_push_request_errors_array.argtypes = push
    kafka.rd_kafka_mock_clear_request_errors.argtypes = (ctypes.c_void_p, ctypes.c_int16)
    kafka.rd_kafka_mock_broker_set_down.argtypes = (ctypes.c_void_p, ctypes.c_int32)
    for name in ("rd_kafka_mock_cluster_bootstraps", "rd_kafka_mock_cluster_destroy", "rd_kafka_destroy"):
        getattr(kafka, name).argtypes = (ctypes.c_void_p,)
    return kafka


def main() -> None:
    """Serve until standard input ends. Arguments: the topics to create. Each line is one of ORDERS."""
    cluster = MockCluster()
    if can_be_kept():
        Door(int(cluster.address.rpartition(":")[2]))
    for topic in sys.argv[1:]:  # which also lets the cluster notice its new socket
        cluster.create_topic(topic)
    sys.stdout.write(f"{cluster.address}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        getattr(cluster, ORDERS[line.strip()])()
        sys.stdout.write("done\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
