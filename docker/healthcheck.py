"""Is this container's server alive? For HEALTHCHECK: the image has no curl, and urllib would obey HTTP_PROXY.

The port is the argument, else PARLEY_PORT.
"""

import http.client
import os
import sys

TIMEOUT = 3


def main() -> int:
    port = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PARLEY_PORT", "8000")
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=TIMEOUT)
    try:
        connection.request("GET", "/healthz")
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, http.client.HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main())
