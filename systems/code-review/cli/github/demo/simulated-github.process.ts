import { watch } from 'node:fs';
import { join } from 'node:path';
import { startSimulatedGithub, type PullRequestHandle } from '@agent-fleet/simulated-github';
import { orderSchema, type Order, type Said } from './protocol.ts';

/**
 * The simulated GitHub in a process of its own: it opens a pull request, tells what becomes of it, and notices what people
 * push. It ends with the command that started it.
 */
const TELL_MS = 100;
/** Git writes several files for a push. */
const SETTLE_MS = 200;

const tell = (said: Said): void => void process.send?.(said);

const github = await startSimulatedGithub({ folder: process.argv[2] ?? '' });
tell({ kind: 'started', url: github.url, appId: github.app.id, privateKey: github.app.privateKey ?? '' });

process.once('message', (message) => {
  open(orderSchema.parse(message)).catch((error: unknown) => {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  });
});
// Ctrl-C reaches every process of the terminal. The command says when to end.
process.on('SIGINT', () => undefined);
process.once('disconnect', () => process.exit());

async function open({ webhook, repository: name, main, change, branch, title, body }: Order): Promise<void> {
  github.setWebhook(webhook);
  const { fullName: repository, path } = await github.createRepository({ name, files: main });
  await github.push({ repository, branch, files: change, message: title });
  const pull = await github.openPullRequest({ repository, head: branch, title, body });
  tell({ kind: 'opened', repository, number: pull.number, page: pull.url, path });
  tellStates(pull);
  noticePushes(path, repository);
}

/** The heads of deliveries by their ids. */
const heads = new Map<number, string>();

function tellStates(pull: PullRequestHandle): void {
  let told = '';
  setInterval(() => {
    const state = stateOf(pull);
    const text = JSON.stringify(state);
    if (text !== told) tell(state);
    told = text;
  }, TELL_MS);
}

function stateOf(pull: PullRequestHandle): Extract<Said, { kind: 'state' }> {
  const deliveries = github.deliveries().filter(({ event }) => event === 'pull_request');
  for (const { id } of deliveries) if (!heads.has(id)) heads.set(id, pull.headSha());
  return {
    kind: 'state',
    head: pull.headSha(),
    deliveries: deliveries.map(({ id, action, status, status_code: code }) => ({
      id,
      head: heads.get(id) ?? '',
      action: action ?? '',
      status,
      code,
    })),
    checkRuns: pull.record().checkRuns.map(({ status, conclusion }) => ({ status, conclusion })),
  };
}

function noticePushes(path: string, repository: string): void {
  let settling: NodeJS.Timeout | undefined;
  watch(join(path, 'refs/heads'), { recursive: true }, () => {
    clearTimeout(settling);
    settling = setTimeout(() => void github.refresh(repository), SETTLE_MS);
  });
}
