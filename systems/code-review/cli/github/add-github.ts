import type { Command } from 'commander';
import { examples } from '#cli/api/api-command.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { withFleetToWait } from '#cli/fleet/occasion.ts';
import type { CliSystem } from '#cli/system.ts';
import { parseDemoOptions } from './demo/options.ts';
import { parseReplayOptions } from './replay/options.ts';

/** Adds `fleet github`. */
export function addGithub(fleet: Command, systems: readonly CliSystem[]): void {
  const github = fleet
    .command('github')
    .description('reviews of pull requests: a demo without GitHub, and deliveries sent again')
    .addHelpText('after', examples('github demo', 'github replay payload.json'));
  addDemo(github, systems);
  addReplay(github);
}

function addReplay(github: Command): void {
  github
    .command('replay')
    .argument('<delivery>', 'a file with a payload or with {"event", "delivery", "payload"}, or an id of a delivery')
    .description('sends a delivery to the fleet’s webhook again, signed with the fleet’s secret')
    .option('--event <name>', 'what happened, for a file that is a payload', 'pull_request')
    .option('--url <url>', 'URL of the task API of a deployed fleet (default: FLEET_URL, else the fleet here)')
    .option('--webhook-secret <name>', 'its secret that GitHub signs with: the output GithubWebhookSecret')
    .option('--app-secret <name>', 'its secret with the app’s key, for an id: the output GithubAppSecret')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nThe app’s page on GitHub lists the deliveries of three days, with ids and payloads. For a deployed fleet, the secrets are read with your AWS credentials.' +
        '\n\nExit codes: 0 accepted, or ignored since it asks for nothing; 1 rejected; 2 wrong usage.\n' +
        examples(
          'github replay payload.json',
          'github replay comment.json --event issue_comment --json',
          'github replay 1234567890 --url https://….amazonaws.com/v1 --webhook-secret fleet-dev/github-webhook --app-secret fleet-dev/github-app',
        ),
    )
    .action(async (delivery: string, raw: object) => {
      const options = parseReplayOptions({ ...raw, delivery });
      const { replayCommand } = await import('./replay/command.ts');
      await replayCommand(options, terminalOutput(options.json));
    });
}

function addDemo(github: Command, systems: readonly CliSystem[]): void {
  github
    .command('demo')
    .description('shows a review: a simulated GitHub with a pull request that has defects, from webhook to verdict')
    .option('--once', 'end after the verdict')
    .option('--no-open', 'do not open the page of the pull request in the browser')
    .option('--json', 'one JSON object on stdout, after the first verdict')
    .addHelpText(
      'after',
      '\nUses the running fleet on this machine. If there is none, it starts one and stops it at the end. GitHub is simulated: no account, no network. While the demo serves, push to its repository and watch the next review.' +
        '\n\nThe fleet’s secret github-app holds the key of the simulated app meanwhile. The demo does not start when it holds the key of a real one.' +
        '\n\nExit codes: 0 reviewed, whatever the verdict; 1 no verdict; 2 wrong usage.\n' +
        examples('github demo', 'github demo --once --json'),
    )
    .action(async (raw: object) => {
      const options = parseDemoOptions(raw);
      const { demoCommand } = await import('./demo/command.ts');
      await demoCommand(options, terminalOutput(options.json), (act) => withFleetToWait(systems, { wait: true }, act));
    });
}
