"""Submits the tasks and waits for their results. It answers orders as job.ts describes."""
import json
import sys
import time

from app import app, turn


def main():
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(work(json.loads(line))), flush=True)


def now():
    return time.time() * 1000


def work(order):
    keys = [f"{order['prefix']}{index:06d}" for index in range(order["count"])]
    started = now()
    results = []
    # One connection for all messages: https://docs.celeryq.dev/en/stable/userguide/calling.html#connections
    with app.pool.acquire(block=True) as connection, app.amqp.Producer(connection) as producer:
        for index, key in enumerate(keys):
            if order["perSecond"] is not None:
                due = started + index * 1000 / order["perSecond"]
                time.sleep(max(0, due - now()) / 1000)
            submitted = now() if order["perSecond"] is not None else started
            task = {"key": key, "session": f"s-{key}", "text": f"Say {key}."}
            results.append((key, submitted, turn.apply_async(kwargs=task, producer=producer)))
    deadline = time.monotonic() + order["timeoutMs"] / 1000
    tasks = [
        {"key": key, "submittedAt": submitted, "answer": answer, "ledgerKey": None if answer is None else key}
        for key, submitted, answer in ((key, submitted, wait(result, deadline)) for key, submitted, result in results)
    ]
    return {"startedAt": started, "endedAt": now(), "tasks": tasks}


def wait(result, deadline):
    try:
        return result.get(timeout=max(0.01, deadline - time.monotonic()))
    except Exception:
        return None


main()
