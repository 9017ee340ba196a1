"""The tasks of Celery. Workers: celery -A app worker --pool threads.

Threads, since the tasks wait for the model: https://docs.celeryq.dev/en/stable/userguide/concurrency.
"""
import json
import os

import redis
import urllib3
from celery import Celery

REDIS = f"redis://127.0.0.1:{os.environ['REDIS_PORT']}/0"

app = Celery("tasks", broker=REDIS, backend=REDIS)
app.conf.update(
    # https://docs.celeryq.dev/en/stable/userguide/optimizing.html: long tasks, one prefetched message for each.
    worker_prefetch_multiplier=1,
    # A killed worker's tasks are not lost.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    # ... and are done again after five seconds, not after an hour: looked for each second, not each 100 seconds.
    broker_transport_options={
        "visibility_timeout": 5,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
    },
    result_expires=3600,
    task_serializer="json",
    worker_hijack_root_logger=True,
)

store = redis.Redis(port=int(os.environ["REDIS_PORT"]))
http = urllib3.PoolManager(maxsize=int(os.environ.get("AT_ONCE", "1")))


@app.task(name="turn", autoretry_for=(Exception,), retry_backoff=True, max_retries=10)
def turn(key, session, text):
    turns = json.loads(store.get(f"session:{session}") or "[]")
    answer = call_model(key, turns, text)
    stored = [*turns, {"role": "user", "content": text}, {"role": "assistant", "content": answer}]
    store.set(f"session:{session}", json.dumps(stored), ex=3600)
    return answer


def call_model(key, turns, text):
    response = http.request(
        "POST",
        f"{os.environ['MODEL_URL']}/v1/messages",
        headers={
            "content-type": "application/json",
            "x-api-key": "simulated",
            "anthropic-version": "2023-06-01",
            "x-step-id": f"{key}/0",
        },
        body=json.dumps(
            {
                "model": "claude-opus-5-5",
                "max_tokens": 1024,
                "messages": [*turns, {"role": "user", "content": text}],
            }
        ),
        retries=False,
    )
    if response.status != 200:
        raise RuntimeError(f"The model answered {response.status}")
    return json.loads(response.data)["content"][0]["text"]
