import { join } from 'node:path';
import type { PullRequestHandle, SimulatedGithub } from '@agent-fleet/simulated-github';
import { startLocalFleet, type LocalFleet, type LocalFleetOptions } from '#test/e2e/support/local-fleet.ts';
import { CLEAN, connectGithub } from '../connect-github.ts';
import { codeReviewSystem } from '../../system.ts';

/** The code-review system on a local cloud, as an app on a simulated GitHub. */
export interface ReviewedGithub {
  readonly fleet: LocalFleet;
  readonly github: SimulatedGithub;
  /** The webhook's URL and secret. */
  readonly webhook: { readonly url: string; readonly secret: string };
  /** Opens a pull request that adds lines to the file of a new repository. */
  open(name: string, lines: string, options?: { readonly draft?: boolean }): Promise<PullRequestHandle>;
  /** Adds lines to a pull request. */
  push(name: string, lines: string): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

export const FILE = 'src/cart.ts';

export async function startReviewedGithub(options: Partial<LocalFleetOptions> = {}): Promise<ReviewedGithub> {
  const { claude, ...others } = options;
  const rules = [...codeReviewSystem.claudeRules];
  const fleet = await startLocalFleet({ stacks: ['code-review'], claude: { rules, ...claude }, ...others });
  const { github, webhook } = await connectGithub({
    client: fleet.client,
    folder: join(fleet.home, 'github'),
    url: fleet.url,
    appSecret: fleet.output('code-review', 'GithubAppSecret'),
    webhookSecret: fleet.output('code-review', 'GithubWebhookSecret'),
  });
  const push = async (name: string, lines: string): Promise<string> =>
    github.push({ repository: `octo-org/${name}`, branch: 'change', files: { [FILE]: `${CLEAN}${lines}` } });
  return {
    fleet,
    github,
    webhook,
    push,
    async open(name, lines, { draft = false } = {}) {
      await github.createRepository({ name, files: { [FILE]: CLEAN } });
      await push(name, lines);
      return github.openPullRequest({ repository: `octo-org/${name}`, head: 'change', title: `Change ${name}`, draft });
    },
    async [Symbol.asyncDispose]() {
      await github.stop();
      await fleet[Symbol.asyncDispose]();
    },
  };
}
