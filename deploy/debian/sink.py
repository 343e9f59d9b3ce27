"""An OTLP/HTTP backend for test.sh: takes everything, and writes each log.record.uid it is sent to a file, one a line."""

import gzip
import http.server
import re
import sys
import zlib

# A log record's attribute: the key, then a message of a string of 32 hexadecimal digits and perhaps a row number.
UID = re.compile(rb"log\.record\.uid\x12.\x0a.([0-9a-f]{32}(?:-[0-9]+)?)", re.DOTALL)


class Sink(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def body(self):
        if self.headers.get("Transfer-Encoding", "") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def do_POST(self):
        body = self.body()
        encoding = self.headers.get("Content-Encoding", "")
        if encoding == "gzip":
            body = gzip.decompress(body)
        elif encoding == "deflate":
            body = zlib.decompress(body)
        with open(sys.argv[2], "ab") as uids:
            uids.writelines(uid + b"\n" for uid in UID.findall(body))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer.allow_reuse_address = True
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Sink).serve_forever()
