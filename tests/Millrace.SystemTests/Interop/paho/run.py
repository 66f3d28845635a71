"""Runs cases against a broker and prints for each `ok NAME`, `skip NAME: why` or `not ok NAME: why`.

    python3 run.py --list
    python3 run.py --port 1883 [--tls CA CERTIFICATE KEY] [--mosquitto] [NAME…]
"""

import argparse
import concurrent.futures
import sys
import traceback

import cases
import cases_messages  # noqa: F401 each registers its cases
import cases_sessions  # noqa: F401
import cases_shared  # noqa: F401
import cases_subscriptions  # noqa: F401
import cases_wills  # noqa: F401
import cases_five  # noqa: F401
import cases_limits  # noqa: F401


def outcome(name, port, tls, mosquitto):
    function, version = cases.ALL[name]
    if mosquitto and function.deviation:
        return f"skip {name}: mosquitto: {function.deviation}"
    run = cases.Run(name, version, port, tls, mosquitto)
    try:
        function(run)
        return f"ok {name}"
    except Exception as e:
        frame = traceback.extract_tb(e.__traceback__)
        own = next((f for f in reversed(frame) if f.filename.endswith(f"{function.__module__}.py")), frame[-1])
        why = str(e) if isinstance(e, AssertionError) and str(e) else repr(e)
        return f"not ok {name}: {' '.join(why.split())} [{function.__module__}.py:{own.lineno}: {own.line}]"
    finally:
        run.end()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--port", type=int)
    parser.add_argument("--tls", nargs=3, metavar=("CA", "CERTIFICATE", "KEY"))
    parser.add_argument("--mosquitto", action="store_true", help="leave out where mosquitto is known to differ from the specification")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    if given.list:
        print("\n".join(cases.ALL))
        return
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        names = given.names or list(cases.ALL)
        for done in concurrent.futures.as_completed(pool.submit(outcome, name, given.port, given.tls, given.mosquitto) for name in names):
            print(done.result())
            sys.stdout.flush()


main()
