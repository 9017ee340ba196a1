import { setTimeout as delay } from 'node:timers/promises';
import type { GithubProcess } from './github-process.ts';

const POLL_MS = 200;

/** Waits until the pull request has another head. Null when it is interrupted. */
export async function nextHead(github: GithubProcess, before: string, signal: AbortSignal): Promise<string | null> {
  while (!signal.aborted) {
    const state = github.state();
    if (state !== undefined && state.head !== before) return state.head;
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  return null;
}
