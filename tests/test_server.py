"""The server's application: answers as the commands write them, errors in one shape, limits."""

import json
import logging
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from test_any_labels import FAST, opinions, rows_of, topics
from test_commands import ARTICLE, fails, run

import stance
from stance.datasets import LabelColumns, find_labels
from stance.errors import DataError
from stance.server import LOOPBACK, Limits, create_app
from stance.statements import Reader
from stance.training import train

pytest.importorskip("httpx2", reason="httpx2, which Starlette's test client wants, is not installed")
jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
starlette = pytest.importorskip("starlette.applications", reason="the extra 'serve' is not installed")
routing = pytest.importorskip("starlette.routing")
TestClient = pytest.importorskip("starlette.testclient").TestClient

TEXTS = ["حذرت موسكو من كارثة إنسانية", "قد تدعو العاصمة إلى هدنة", ""]
JSON = {"Content-Type": "application/json"}
SMALL = Limits(body=4_000, texts=5, characters=300, statements=20, seconds=0.1, wait_seconds=0.5)


@pytest.fixture(scope="module")
def client(model):
    return TestClient(create_app(model))


@pytest.fixture(scope="module")
def small(model):
    return TestClient(create_app(model, SMALL))


def labelled_by_command(capsys, tmp_path, rows, *options):
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    code, _, _ = run(
        capsys, "label", path, "-o", tmp_path / "out.jsonl", "--text-column", "said", "--jobs", 1, *options
    )
    assert code == 0
    found = [json.loads(x) for x in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    return [{k: v for k, v in row.items() if k not in rows[0]} for row in found]


def check(document, name, value):
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    jsonschema.validate(value, schema, cls=jsonschema.Draft202012Validator)


def test_predictions_are_what_the_command_writes(client, capsys, tmp_path):
    answer = client.post("/v1/predict", json={"texts": TEXTS})
    assert answer.status_code == 200
    written = labelled_by_command(capsys, tmp_path, [{"said": t or " "} for t in TEXTS])
    assert answer.json()["predictions"][:2] == written[:2]
    assert client.post("/v1/predict", json={"texts": []}).json() == {"predictions": []}


def test_large_batches_equal_single_texts(client):
    texts = [f"{TEXTS[i % 2]} {i}" for i in range(250)]
    together = client.post("/v1/predict", json={"texts": texts}).json()["predictions"]
    for i in (0, 99, 100, 249):
        assert client.post("/v1/predict", json={"texts": [texts[i]]}).json()["predictions"] == [together[i]]


def test_abstaining(client, model):
    found = client.post("/v1/predict", json={"texts": TEXTS, "abstain": 0.3}).json()["predictions"]
    expected = [p.stance == "unsure" for p in model.predict(TEXTS, abstain=0.3)]
    assert [p["unsure"] for p in found] == expected
    assert any(expected)
    assert all(not p["predicted_stances"] for p in found if p["unsure"])


DOUBTFUL = "مدير الصحة: موجة حر شديدة الأسبوع المقبل.\nحذرت ألمانيا إيران من إغلاق المضيق."


@pytest.mark.parametrize("kind", ["json", "jsonl", "csv", "html"])
def test_abstaining_in_articles(client, capsys, tmp_path, monkeypatch, kind):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(DOUBTFUL, encoding="utf-8")
    asked = {"text": DOUBTFUL, "file": "a.txt", "abstain": 0.2}
    _, out, _ = run(capsys, "read", "a.txt", "--format", kind, "--abstain", 0.2)
    assert client.post("/v1/export", json=asked | {"format": kind}).content.decode() == out
    found = client.post("/v1/read", json=asked).json()
    assert [s["unsure"] for s in found["statements"]] == [True, False]
    assert [e["stance"] for e in found["events"]] == ["warning"]
    assert '<bdi dir="ltr">?1</bdi>' in client.post("/article", json=asked).text
    assert "unsure" not in client.post("/v1/read", json={"text": DOUBTFUL}).json()["statements"][0]


@pytest.mark.parametrize("events", [False, True])
@pytest.mark.parametrize("kind", ["json", "jsonl", "csv", "html"])
def test_exports_are_the_command_s_bytes(client, capsys, tmp_path, monkeypatch, kind, events):
    asked = {"text": ARTICLE, "file": "a.txt", "format": kind, "events": events}
    answer = client.post("/v1/export", json=asked)
    if events and kind == "html":
        assert answer.status_code == 422
        return
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    _, out, _ = run(capsys, "read", "a.txt", "--format", kind, *["--events"] * events)
    assert answer.content.decode() == out
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''a.{kind}"


def test_articles_hold_what_the_command_writes(client, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    [statements] = json.loads(run(capsys, "read", "a.txt", "--format", "json")[1])
    [events] = json.loads(run(capsys, "read", "a.txt", "--events", "--format", "json")[1])
    assert client.post("/v1/read", json={"text": ARTICLE, "file": "a.txt"}).json() == statements | events


def test_the_page_s_part_is_marked_and_explained(client):
    html = client.post("/article", json={"text": ARTICLE}).text
    assert 'class="s held k2" href="#a1-2"' in html
    assert html.count('<table class="shares"') == 3
    assert "<script" not in html
    assert "style=" not in html


@pytest.mark.parametrize("events", [False, True])
def test_answers_are_as_the_document_says(client, events):
    document = client.get("/openapi.json").json()
    for name, schema in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["additionalProperties"] is False, name
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method == "get":
                assert client.get(path).status_code == 200
                continue
            body = operation["requestBody"]["content"]["application/json"]
            jsonschema.validate(body["example"], body["schema"])
            asked = body["example"] | (
                {"events": events} if path == "/v1/export" else {"abstain": events / 10}
            )
            answer = client.post(path, json=asked)
            assert answer.status_code == 200
            kind = answer.headers["content-type"].partition(";")[0]
            assert kind in operation["responses"]["200"]["content"]
            check(document, "Error", client.post(path, json=[]).json())
    asked = {"texts": TEXTS, "abstain": 0.5}
    for prediction in client.post("/v1/predict", json=asked).json()["predictions"]:
        check(document, "Prediction", prediction)
    article = client.post("/v1/read", json={"text": ARTICLE}).json()
    assert article["events"]
    for statement in article["statements"]:
        check(document, "Statement", statement)
    for event in article["events"]:
        check(document, "Event", event)


def test_the_document_names_the_limits(small):
    found = small.get("/openapi.json").json()["paths"]
    texts = found["/v1/predict"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert (texts["texts"]["maxItems"], texts["texts"]["items"]["maxLength"]) == (5, 300)
    read = found["/v1/read"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert read["text"]["maxLength"] == 300
    assert "5" in small.get("/docs").text


@pytest.mark.parametrize(
    ("path", "body", "status", "about"),
    [
        ("/v1/predict", b"", 400, "not JSON"),
        ("/v1/predict", b'{"texts": [', 400, "not JSON"),
        ("/v1/predict", b"\xff\xfe", 400, "byte 0"),
        ("/v1/predict", b"\xef\xbb\xbf{}", 400, "not JSON"),
        ("/v1/predict", b'{"texts": [], "abstain": NaN}', 400, "NaN"),
        ("/v1/predict", b'{"texts": [], "abstain": %s}' % (b"9" * 3000), 422, "margin"),
        ("/v1/predict", b"[" * 1_900 + b"]" * 1_900, 400, "8 levels"),
        ("/v1/predict", b"[" * 9 + b"]" * 9, 400, "8 levels"),
        ("/v1/predict", b"[" * 8 + b"]" * 8, 422, "got a list"),
        ("/v1/predict", b"null", 422, "got null"),
        ("/v1/predict", b"{}", 422, "'texts' is missing"),
        ("/v1/predict", b'{"texts": "x"}', 422, "a list of strings, got a string"),
        ("/v1/predict", b'{"texts": ["x", 3]}', 422, "texts[1]"),
        ("/v1/predict", b'{"texts": ["\\ud800"]}', 422, "surrogate"),
        ("/v1/predict", b'{"texts": [], "targets": []}', 422, "unknown"),
        ("/v1/predict", b'{"texts": [], "abstain": true}', 422, "margin"),
        ("/v1/predict", b'{"texts": [], "abstain": 1e999}', 422, "margin"),
        ("/v1/predict", b'{"texts": [], "abstain": -0.1}', 422, "margin"),
        ("/v1/read", b'{"text": "x", "abstain": 2}', 422, "margin"),
        ("/v1/export", b'{"text": "x", "format": "csv", "abstain": "0.1"}', 422, "margin"),
        ("/v1/predict", b'{"texts": ["","","","","",""]}', 422, "at most 5"),
        ("/v1/predict", json.dumps({"texts": ["x" * 301]}).encode(), 422, "301 characters"),
        ("/v1/predict", b'{"texts": ["' + b"x" * 4000 + b'"]}', 413, "4000 bytes"),
        ("/v1/read", b'{"text": ""}', 422, "empty"),
        ("/v1/read", b'{"text": "' + b"x\\n" * 21 + b'"}', 422, "20 statements"),
        ("/v1/read", b'{"text": "x", "format": "csv"}', 422, "unknown"),
        ("/v1/read", json.dumps({"text": "x", "file": "x" * 256}).encode(), 422, "256 characters"),
        ("/v1/read", b'{"text": "x", "file": "\\udfff"}', 422, "surrogate"),
        ("/v1/export", b'{"text": "x"}', 422, "'format' is missing"),
        ("/v1/export", b'{"text": "x", "format": ["csv"]}', 422, "json, jsonl, csv, html"),
        ("/v1/export", b'{"text": "x", "format": "csv", "events": 1}', 422, "boolean"),
    ],
)  # fmt: skip
def test_wrong_bodies(small, path, body, status, about):
    answer = small.post(path, content=body, headers=JSON)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert set(error) == {"code", "message"}
    assert about in error["message"]
    assert "\n" not in error["message"]


def test_numbers_of_thousands_of_digits(client):
    answer = client.post("/v1/predict", content=b'{"texts": %s}' % (b"9" * 5000), headers=JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_json")


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=cp1256", "application/jsonx"]
)  # fmt: skip
def test_forms_and_other_types_are_refused(client, kind):
    answer = client.post("/v1/predict", content=b'{"texts": []}', headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", 'Application/JSON ; charset="UTF-8"'])
def test_types_that_are_json(client, kind):
    assert (
        client.post("/v1/predict", content=b'{"texts": []}', headers={"Content-Type": kind}).status_code
        == 200
    )


def test_compressed_bodies_are_refused(client):
    answer = client.post("/v1/predict", content=b"{}", headers=JSON | {"Content-Encoding": "gzip"})
    assert answer.status_code == 415


def test_bodies_without_a_length_are_counted(small):
    def pieces():
        for _ in range(50):
            yield b" " * 100

    assert small.post("/v1/predict", content=pieces(), headers=JSON).status_code == 413


@pytest.mark.parametrize("path", ["/nothing", "/v1/predict/", "/static/%2e%2e/app.py", "/static/", "/V1/predict", "/%00", "/docs%0d%0aX: y"])  # fmt: skip
def test_unknown_paths(client, path):
    answer = client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/v1/predict", "POST"), ("POST", "/healthz", "GET, HEAD"), ("OPTIONS", "/v1/read", "POST")],
)
def test_wrong_methods(client, method, path, allowed):
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")
    assert set(answer.headers["allow"].split(", ")) == set(allowed.split(", "))
    assert "access-control-allow-origin" not in answer.headers


def test_names_of_the_server(model):
    client = TestClient(create_app(model, allowed_hosts=[*LOOPBACK, "Labels.example.org"]))
    for host in ("localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000", "labels.example.org"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 200
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8000", "", "[::2]", "["):
        answer = client.get("/healthz", headers={"Host": host})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unknown_host")


def test_names_of_the_server_are_without_ports_and_addresses_in_brackets(model):
    client = TestClient(create_app(model, allowed_hosts=["a.example:8443", "[::2]:80", "::3"]))
    for host in ("a.example", "a.example:80", "[::2]", "[::3]:8000"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 200, host
    for host in ("", ":8443", "[::4]", "localhost"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 400, host


@pytest.mark.parametrize("path", ["/", "/healthz", "/nothing", "/static/app.js", "/docs"])
def test_headers_of_safety(client, path):
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_pages_hold_nothing_that_the_policy_forbids(client, path):
    html = client.get(path).text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)
    assert re.findall(r"<script[^>]*>", html) == (['<script src="static/app.js">'] if path == "/" else [])
    assert "http" not in re.sub(r"http://127.0.0.1:8000", "", html.replace("HTTP", ""))


def test_languages_of_the_page(client):
    for asked, accepted, expected in [
        ("?lang=en", "ar", ("en", "ltr")),
        ("?lang=ar", "en", ("ar", "rtl")),
        ("", "fr, en-GB;q=0.9, ar;q=0.8", ("en", "ltr")),
        ("", "de", ("ar", "rtl")),
        ("?lang=xx", "", ("ar", "rtl")),
        ("?lang=%22%3E%3Cscript%3E", "", ("ar", "rtl")),
    ]:
        html = client.get(f"/{asked}", headers={"Accept-Language": accepted}).text
        assert '<html lang="{}" dir="{}">'.format(*expected) in html


def test_names_of_downloads_stay_in_their_header(client):
    for file, name in [
        ("a\r\nSet-Cookie: x=1.txt", "a%0D%0ASet-Cookie%3A%20x%3D1"),
        ('a".txt', "a%22"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\x.txt", "x"),
        ("...", "article"),
        ("تقرير.txt", "%D8%AA%D9%82%D8%B1%D9%8A%D8%B1"),
    ]:
        answer = client.post("/v1/export", json={"text": "x", "file": file, "format": "csv"})
        assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}.csv"
        assert "set-cookie" not in answer.headers


def test_what_takes_too_long_is_given_up_and_what_waits_is_turned_away(model, monkeypatch):
    going_on = threading.Event()

    def slow(*_args, **_kwargs):
        going_on.wait(20)
        return decide(["x"])

    decide = model.decide
    client = TestClient(create_app(model, SMALL))
    with client:  # one event loop for all requests
        monkeypatch.setattr(model, "decide", slow)
        answers = [client.post("/v1/predict", json={"texts": ["x"]}) for _ in range(2)]
        assert [a.status_code for a in answers] == [503] * 2
        assert [a.json()["error"]["code"] for a in answers] == ["deadline_exceeded", "overloaded"]
        assert "turn did not come within 0.5 seconds" in answers[1].text
        assert all(int(a.headers["retry-after"]) > 0 for a in answers)
        assert "stance_requests_in_flight 1" in client.get("/metrics").text  # until it ends
        assert client.get("/healthz").status_code == 200
        going_on.set()
        monkeypatch.undo()
        end = time.monotonic() + 10
        while "stance_requests_in_flight 0" not in client.get("/metrics").text:
            assert time.monotonic() < end
        assert client.post("/v1/predict", json={"texts": ["x"]}).status_code == 200


def test_small_requests_do_not_wait_behind_large_ones(model, monkeypatch):
    began, going_on = threading.Event(), threading.Event()

    def slow(self, text, **options):
        if len(text) > 1_000:
            began.set()
            going_on.wait(20)
        return read(self, text, **options)

    read = Reader.read
    monkeypatch.setattr(Reader, "read", slow)
    large = {"text": "x" * 2**15}
    client = TestClient(create_app(model))
    with client, ThreadPoolExecutor(1) as pool:
        try:
            first = pool.submit(client.post, "/v1/read", json=large)
            assert began.wait(20)
            assert client.post("/v1/predict", json={"texts": TEXTS}).status_code == 200
            assert client.post("/v1/read", json={"text": ARTICLE}).status_code == 200
            assert not first.done()
        finally:
            going_on.set()
        assert first.result().status_code == 200


def test_failures_are_answered_and_logged_without_texts(model, monkeypatch, caplog):
    def broken(texts, *_args, **_kwargs):
        raise RuntimeError(texts[0])

    client = TestClient(create_app(model))
    monkeypatch.setattr(model, "decide", broken)
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/v1/predict", json={"texts": ["secret"]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert answer.headers["x-content-type-options"] == "nosniff"
    logged = [r for r in caplog.records if r.name == "stance.server"]
    assert "RuntimeError" in logged[0].getMessage()
    assert "secret" not in caplog.text


def test_metrics(model):
    client = TestClient(create_app(model))
    client.post("/v1/predict", json={"texts": TEXTS})
    client.post("/v1/read", json={"text": ARTICLE})
    client.get('/elsewhere"}%0a')
    lines = client.get("/metrics").text.splitlines()
    for line in lines:
        assert re.fullmatch(
            r'# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"\\\n]*"(,\w+="[^"\\\n]*")*\})? [0-9.e+-]+', line
        )
    assert 'stance_requests_total{route="/v1/predict",status="200"} 1' in lines
    assert 'stance_requests_total{route="other",status="404"} 1' in lines
    assert "stance_texts_labelled_total 6" in lines
    assert "stance_requests_in_flight 0" in lines
    buckets = [x for x in lines if x.startswith('stance_request_duration_seconds_bucket{route="/v1/read"')]
    counts = [int(x.split()[-1]) for x in buckets]
    assert counts == sorted(counts)
    assert buckets[-1].endswith('le="+Inf"} 1')


def test_many_at_once_get_the_same(model):
    client = TestClient(create_app(stance.Predictor(model.model)))
    texts = [f"{TEXTS[i % 2]} {i % 7}" for i in range(60)]
    expected = client.post("/v1/predict", json={"texts": texts}).json()["predictions"]
    article = client.post("/v1/read", json={"text": ARTICLE}).content

    def ask(i):
        found = client.post("/v1/predict", json={"texts": [texts[i]]}).json()["predictions"]
        return found == [expected[i]] and client.post("/v1/read", json={"text": ARTICLE}).content == article

    with client, ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(60)))


def test_mounted_in_another_application(model):
    outer = TestClient(starlette.Starlette(routes=[routing.Mount("/stance", create_app(model))]))
    assert outer.post("/stance/v1/predict", json={"texts": TEXTS}).status_code == 200
    assert outer.get("/stance/openapi.json").json()["servers"] == [{"url": "/stance"}]
    assert outer.get("/stance/nothing").json()["error"]["code"] == "not_found"
    assert outer.get("/stance/").status_code == 200
    assert 'route="/v1/predict"' in outer.get("/stance/metrics").text


def test_other_labels_and_targets():
    for maker, columns in (
        (topics, LabelColumns(None, "topic", own=False)),
        (opinions, LabelColumns(None, "side", "about", own=False)),
    ):
        rows = rows_of(list(maker()), columns)
        model = stance.Predictor(train(rows, config=FAST, labels=find_labels(rows), folds=3).model)
        client = TestClient(create_app(model))
        document = client.get("/openapi.json").json()
        asked = {"texts": [r.text for r in rows[:4]]}
        if model.config.paired:
            assert client.post("/v1/predict", json=asked).status_code == 422
            short = client.post("/v1/predict", json=asked | {"targets": ["x"]})
            assert "4 texts want as many targets, got 1" in short.text
            asked["targets"] = [r.target for r in rows[:4]]
            assert client.post("/v1/read", json={"text": "x"}).status_code == 404
            assert "/v1/read" not in document["paths"]
        else:
            read = client.post("/v1/read", json={"text": ARTICLE}).json()
            for statement in read["statements"]:
                check(document, "Statement", statement)
        found = client.post("/v1/predict", json=asked).json()["predictions"]
        for prediction, p in zip(found, model.predict(**asked), strict=True):
            assert prediction["predicted_label"] == p.sentiment
            check(document, "Prediction", prediction)


@pytest.mark.parametrize("path", ["/v1/predict", "/v1/read", "/v1/export", "/article"])
def test_abstaining_wants_thresholds(capsys, tmp_path, topics_model, path):
    client = TestClient(create_app(stance.load(topics_model)))
    asked = {"texts": []} if path == "/v1/predict" else {"text": ARTICLE}
    asked |= {"format": "csv"} if path == "/v1/export" else {}
    assert client.post(path, json=asked | {"abstain": 0}).status_code == 200
    answer = client.post(path, json=asked | {"abstain": 0.1})
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    said = fails(capsys, "read", tmp_path / "a.txt", "--model", topics_model, "--abstain", 0.1)
    error = {"code": "invalid_request", "message": said.removeprefix("stance: ").strip()}
    assert (answer.status_code, answer.json()) == (422, {"error": error})
    document = client.get("/openapi.json").text
    assert "abstain" not in document
    assert "unsure" not in document


def test_events_want_stances(capsys, tmp_path, topics_model):
    client = TestClient(create_app(stance.load(topics_model)))
    assert client.post("/v1/read", json={"text": ARTICLE}).json().keys() == {"file", "statements"}
    asked = {"text": ARTICLE, "format": "csv"}
    assert client.post("/v1/export", json=asked | {"events": False}).status_code == 200
    answer = client.post("/v1/export", json=asked | {"events": True})
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    said = fails(capsys, "read", tmp_path / "a.txt", "--model", topics_model, "--events")
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        422,
        said.removeprefix("stance: ").strip(),
    )
    assert '"events"' not in client.get("/openapi.json").text
    assert client.post("/v1/export", json=asked | {"format": "html"}).status_code == 200


def test_limits_are_above_zero():
    with pytest.raises(ValueError, match="'texts' must be above zero, got 0"):
        Limits(texts=0)


def test_without_the_extra(capsys, model, monkeypatch):
    monkeypatch.setattr("stance.server.find_spec", lambda name: None if name == "uvicorn" else True)
    with pytest.raises(DataError, match="uvicorn is not installed"):
        create_app(model)
    assert "pip install 'stance[serve]'" in fails(capsys, "serve", "--port", "0")


@pytest.mark.parametrize(
    "option",
    ["--max-texts=0", "--timeout=x", "--read-timeout=nan", "--max-wait=-1", "--port=65536", "--port=x"],
)
def test_wrong_options(capsys, option):
    from stance.cli.main import main

    with pytest.raises(SystemExit) as left:
        main(["serve", option])
    assert left.value.code == 2
    assert re.search("above zero is wanted|a port is a number", capsys.readouterr().err)
