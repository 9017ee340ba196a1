import type { Command } from 'commander';
import { examples } from '#cli/api/api-command.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { parseReplayOptions } from './replay/options.ts';

/** Adds `fleet github`. */
export function addGithub(fleet: Command): void {
  const github = fleet
    .command('github')
    .description('reviews of pull requests: sends a delivery of the webhook again')
    .addHelpText('after', examples('github replay payload.json'));
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
