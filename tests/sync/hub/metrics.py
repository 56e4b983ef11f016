#!/usr/bin/env python3
"""What a hub tells Prometheus, read strictly: metrics.py CANNY-HUB. Every family has its help and type before its samples and
stands once, names and labels are as the format has them, histograms add up, and nobody's name or id is in it."""

import http.client
import json
import re
import subprocess
import sys
import tempfile

FAMILY = re.compile(r"# (HELP|TYPE) ([a-z_]+) (.+)")
SAMPLE = re.compile(r'([a-z_]+)(?:\{([a-z]+="[^"\\\n]*"(?:,[a-z]+="[^"\\\n]*")*)\})? ([0-9]+(?:\.[0-9]+)?)')
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("",), "gauge": ("",)}


def parse(text):
    """{(name, labels): value}; whatever is not as the format has it ends the test."""
    assert text.endswith("\n"), "the last line has no end"
    types, helped, samples, now = {}, set(), {}, None
    for line in text.split("\n")[:-1]:
        if line.startswith("#"):
            what, name, rest = FAMILY.fullmatch(line).groups()
            if what == "HELP":
                assert name not in helped, f"{name} stands twice"
                helped.add(name)
            else:
                assert name in helped and name not in types and rest in SUFFIXES, line
                types[name] = rest
                now = name
            continue
        match = SAMPLE.fullmatch(line)
        assert match, f"not a sample: {line}"
        name, labels, value = match.groups()
        assert any(name == now + suffix for suffix in SUFFIXES[types[now]]), f"{line} stands under {now}"
        assert types[now] != "counter" or now.endswith("_total"), now
        key = (name, labels or "")
        assert key not in samples, f"{line} stands twice"
        samples[key] = float(value)
    assert helped == set(types)
    return types, samples


def histogram(samples, name):
    """Its buckets grow, and the last is all."""
    buckets = [(labels, value) for (n, labels), value in samples.items() if n == name + "_bucket"]
    bounds = [float(labels[len('le="'):-1].replace("+Inf", "inf")) for labels, _ in buckets]
    assert bounds == sorted(bounds) and bounds[-1] == float("inf"), bounds
    values = [value for _, value in buckets]
    assert values == sorted(values) and values[-1] == samples[name + "_count", ""], values


def ask(port, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body=body)
    reply = connection.getresponse()
    text = reply.read().decode()
    connection.close()
    return reply, text


def refused(reply, text, status, code):
    assert reply.status == status and reply.headers["Content-Type"] == "application/problem+json", (reply.status, text)
    assert json.loads(text)["code"] == code, text


def run(hub, data):
    listen = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"]
    with subprocess.Popen([hub, "serve", "--data", data, *listen], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True) as process:
        watch = int(process.stdout.readline().rsplit(":", 1)[1].split("/")[0])
        port = int(process.stdout.readline().rsplit(":", 1)[1])
        subprocess.run([hub, "enrol", "--data", data, "--site", "Example High"], check=True, stdout=subprocess.DEVNULL)
        assert ask(port, "GET", "/healthz")[0].status == 200
        assert ask(port, "GET", "/healthz")[0].status == 200
        refused(*ask(port, "GET", "/v1/Ailsa-Craig?pin=123456"), 404, "route.unknown")
        refused(*ask(port, "POST", "/v1/status", b"{}"), 415, "body.type")
        assert ask(port, "GET", "/metrics")[0].status == 404  # not where a proxy would pass it on
        refused(*ask(watch, "GET", "/healthz"), 404, "route.unknown")
        refused(*ask(watch, "POST", "/metrics"), 405, "method.wrong")
        reply, text = ask(watch, "GET", "/metrics")
        assert reply.status == 200 and reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        types, samples = parse(text)
        assert samples["canny_requests_total", 'route="/healthz",method="GET",status="200"'] == 2, text
        assert samples["canny_requests_total", 'route="none",method="-",status="404"'] == 2, text
        assert samples["canny_requests_total", 'route="/v1/status",method="POST",status="415"'] == 1, text
        assert samples["canny_refusals_total", 'code="route.unknown"'] == 1, text
        assert samples["canny_sites", ""] == 1 and samples["canny_devices", 'state="enrolled"'] == 0
        assert samples["canny_store_up", ""] == 1 and samples["canny_store_bytes", ""] > 0
        assert samples["canny_connections_opened_total", ""] == 5, text
        assert types["canny_commit_seconds"] == "histogram"
        histogram(samples, "canny_commit_seconds")
        for secret in ("Ailsa", "123456", "Example High", data):
            assert secret not in text, secret
        assert not re.search("[0-9a-f]{16}", text), "an id is in it"
        process.terminate()
        assert process.wait() == 0


def main():
    with tempfile.TemporaryDirectory(prefix="canny-metrics-") as data:
        run(sys.argv[1], data)
    try:
        parse("# HELP a_total x\n# TYPE a_total counter\nb_total 1\n")
    except AssertionError:
        return
    raise AssertionError("the parser takes anything")


main()
