import { parseArgs } from 'node:util';
import { ZodError } from 'zod';
import { startSimulatedGithub, type SimulatedGithub } from '../src/index.ts';

const USAGE = `Starts the simulated GitHub on this machine.

  node packages/simulated-github/bin/simulated-github.ts --folder FOLDER [options]

  --folder FOLDER        where the git repositories are kept
  --port PORT            default: a free port
  --webhook URL          where webhooks are sent, signed with --secret
  --secret SECRET
  --repository PATH      copy a local git repository, as octo-org/<its name>
`;

const flags = {
  folder: { type: 'string' },
  port: { type: 'string', default: '0' },
  webhook: { type: 'string' },
  secret: { type: 'string' },
  repository: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: flags });
  if (values.help || values.folder === undefined) return void process.stdout.write(USAGE);
  const { folder, port, webhook: url, secret = '' } = values;
  const webhook = url === undefined ? {} : { webhook: { url, secret } };
  const github = await startSimulatedGithub({ folder, port: Number(port), ...webhook });
  const say = (name: string, value: string): void => void process.stdout.write(`${name.padEnd(12)} ${value}\n`);
  say('pages, API', github.url);
  say('app', `${github.app.slug}, id ${github.app.id}`);
  say('token', github.createToken({ user: 'octocat' }));
  if (values.repository !== undefined) await copyRepository(github, values.repository, say);
  const stop = (): void => void github.stop();
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

async function copyRepository(
  github: SimulatedGithub,
  from: string,
  say: (name: string, value: string) => void,
): Promise<void> {
  const name =
    from
      .replace(/\/+$/, '')
      .split('/')
      .at(-1)
      ?.replace(/\.git$/, '') ?? 'repository';
  const { fullName, path } = await github.createRepository({ name, from });
  say('repository', `${fullName}, in ${path}`);
}

try {
  await main();
} catch (error) {
  const problems =
    error instanceof ZodError ? error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`) : [];
  process.stderr.write(`${problems.length > 0 ? problems.join('\n') : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
