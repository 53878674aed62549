"""A collector that receives OTLP over HTTP for real, and one that behaves badly."""

import contextlib
import gzip
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

REQUESTS = {"/v1/traces": ExportTraceServiceRequest, "/v1/metrics": ExportMetricsServiceRequest}


def plain(value):
    """An OTLP value as Python writes it."""
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [plain(one) for one in value.array_value.values]
    return getattr(value, kind) if kind else None


def attributes(of):
    """The attributes of a span, an event, a point or a resource."""
    return {one.key: plain(one.value) for one in of.attributes}


class Received:
    """The data that a collector received."""

    def __init__(self):
        self.requests, self.headers, self.asked = defaultdict(list), [], 0
        self.released = threading.Event()

    @property
    def spans(self):
        return [
            span
            for request in self.requests["/v1/traces"]
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    @property
    def metrics(self):
        return {
            metric.name: metric
            for request in self.requests["/v1/metrics"]
            for resource in request.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }

    @property
    def resources(self):
        traces = [one.resource for request in self.requests["/v1/traces"] for one in request.resource_spans]
        metrics = [one.resource for request in self.requests["/v1/metrics"] for one in request.resource_metrics]
        return [attributes(one) for one in [*traces, *metrics]]

    def span(self, name):
        [found] = [span for span in self.spans if span.name == name]
        return found

    def children(self, span):
        return sorted((one for one in self.spans if one.parent_span_id == span.span_id), key=lambda one: one.name)

    def points(self, metric):
        """The points of a metric, by their attributes."""
        data = getattr(self.metrics[metric], self.metrics[metric].WhichOneof("data"))
        return [(attributes(point), point) for point in data.data_points]

    def values(self, metric, by):
        """The values of a gauge, by one of its attributes."""
        return {about[by]: getattr(point, point.WhichOneof("value")) for about, point in self.points(metric)}


@contextlib.contextmanager
def grpc_collector():
    """Serve OTLP over gRPC on a free port. Gives its address and what it receives."""
    import grpc
    from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc
    from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

    received = Received()

    def take(path, answer):
        def export(_, request, context):
            received.requests[path].append(request)
            return answer()

        return export

    traces = take("/v1/traces", trace_service_pb2.ExportTraceServiceResponse)
    metrics = take("/v1/metrics", metrics_service_pb2.ExportMetricsServiceResponse)
    server = grpc.server(ThreadPoolExecutor(2))
    services = {
        trace_service_pb2_grpc.add_TraceServiceServicer_to_server: (
            trace_service_pb2_grpc.TraceServiceServicer,
            traces,
        ),
        metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server: (
            metrics_service_pb2_grpc.MetricsServiceServicer,
            metrics,
        ),
    }
    for add, (kind, export) in services.items():
        add(type("Service", (kind,), {"Export": export})(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"http://127.0.0.1:{port}", received
    finally:
        server.stop(None).wait()


@contextlib.contextmanager
def collector(answer=200):
    """Serve on a free port. `answer` is a status, or "never" or "closes". Gives its address and what it receives."""
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            received.asked += 1
            if answer == "closes":
                self.connection.close()
                return
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if answer == "never":
                received.released.wait()
                return
            if answer == 200:
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                received.headers.append(dict(self.headers))
                request = REQUESTS[self.path]()
                request.ParseFromString(body)
                received.requests[self.path].append(request)
            self.send_response(answer)
            self.send_header("Content-Length", "0")
            if answer == 301:
                self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", received
    finally:
        received.released.set()
        server.shutdown()
        server.server_close()
        serving.join(5)
