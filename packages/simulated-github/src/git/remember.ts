/** Of all repositories together. A push storm must not keep every diff. */
const MAX_KEPT = 500;

const kept = new Map<string, Promise<unknown>>();

/** Asks git once: what it says about commits never changes. An error is not kept, and neither is "there is none". */
export async function remember<T>(folder: string, question: string, ask: () => Promise<T>): Promise<T> {
  const key = `${folder}\0${question}`;
  const known = kept.get(key);
  if (known !== undefined) return known as Promise<T>;
  const answer = ask();
  kept.set(key, answer);
  const forget = (): boolean => kept.delete(key);
  answer.then((found) => found === undefined && forget(), forget);
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  return answer;
}
