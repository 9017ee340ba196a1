/** Merges sorted streams into one sorted stream. Requests the first value of all streams in parallel. */
export async function* merge<Value>(
  streams: readonly AsyncIterable<Value>[],
  compare: (a: Value, b: Value) => number,
): AsyncGenerator<Value> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  const heads = await Promise.all(iterators.map(async (iterator) => ({ iterator, result: await iterator.next() })));
  for (;;) {
    const live = heads.flatMap((head) => (head.result.done ? [] : [{ head, value: head.result.value }]));
    const [first, ...rest] = live;
    if (!first) return;
    const least = rest.reduce(
      (best, candidate) => (compare(candidate.value, best.value) < 0 ? candidate : best),
      first,
    );
    yield least.value;
    least.head.result = await least.head.iterator.next();
  }
}
