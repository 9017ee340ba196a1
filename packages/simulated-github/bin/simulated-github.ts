import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ZodError } from 'zod';
import { startSimulatedGithub, type SimulatedGithub } from '../src/index.ts';

const USAGE = `Starts the simulated GitHub on this machine.

  node packages/simulated-github/bin/simulated-github.ts --folder FOLDER [options]

  --folder FOLDER        where the git repositories are kept
  --port PORT            default: a free port
  --webhook URL          where webhooks are sent, signed with --secret
  --secret SECRET
  --app-key FILE         the app's private key (RSA, PEM), default: a new one that nobody has
  --app-id ID            default: 1234567
  --repository PATH      copy a local git repository, as octo-org/<its name>
`;

const flags = {
  folder: { type: 'string' },
  port: { type: 'string', default: '0' },
  webhook: { type: 'string' },
  secret: { type: 'string' },
  'app-key': { type: 'string' },
  'app-id': { type: 'string' },
  repository: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: flags });
  if (values.help || values.folder === undefined) return void process.stdout.write(USAGE);
  const { folder, port, webhook: url, secret = '' } = values;
  const webhook = url === undefined ? {} : { webhook: { url, secret } };
  const app = await appOf(values['app-key'], values['app-id']);
  const github = await startSimulatedGithub({ folder, port: Number(port), app, ...webhook });
  const say = (name: string, value: string): void => void process.stdout.write(`${name.padEnd(12)} ${value}\n`);
  say('pages, API', github.url);
  say('app', `${github.app.slug}, id ${github.app.id}`);
  say('token', github.createToken({ user: 'octocat' }));
  if (values.repository !== undefined) await copyRepository(github, values.repository, say);
  const stop = (): void => void github.stop();
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

/** The app as the options describe it. Whoever has the private key signs the JWTs, so only the public key is needed here. */
async function appOf(
  keyFile: string | undefined,
  id: string | undefined,
): Promise<{ publicKey?: string; id?: number }> {
  const app = id === undefined ? {} : { id: Number(id) };
  if (keyFile === undefined) return app;
  const pem = await readFile(keyFile, 'utf8').catch((error: unknown) => {
    throw new Error(`--app-key: ${messageOf(error)}`);
  });
  const publicKey = publicKeyIn(pem);
  if (publicKey === undefined) throw new Error(`--app-key: ${keyFile} has no RSA private key in PEM.`);
  return { ...app, publicKey };
}

function publicKeyIn(pem: string): string | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'rsa' ? key.export({ type: 'spki', format: 'pem' }).toString() : undefined;
  } catch {
    return undefined;
  }
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

/** The flag of an option of `startSimulatedGithub`. */
const flagOf = (option: string): string =>
  `--${{ 'webhook.url': 'webhook', 'webhook.secret': 'secret', 'app.id': 'app-id' }[option] ?? option}`;

/** Node names the file in errors of reading it. */
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

try {
  await main();
} catch (error) {
  const problems =
    error instanceof ZodError ? error.issues.map(({ path, message }) => `${flagOf(path.join('.'))}: ${message}`) : [];
  process.stderr.write(`${problems.length > 0 ? problems.join('\n') : messageOf(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
