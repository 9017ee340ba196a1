import type { Command } from 'commander';
import { examples } from '../api/api-command.ts';
import { terminalOutput } from '../terminal/output.ts';
import { findSchedule } from './find.ts';
import { listSchedules } from './list.ts';
import { withSchedules, type Answer, type PlaceOptions, type SchedulesPlace } from './place.ts';
import { runNow } from './run-now.ts';
import { setState } from './set-state.ts';

type Options = PlaceOptions & { readonly json?: boolean };

/** Adds `fleet schedules list|run-now|pause|resume`. */
export function addSchedules(fleet: Command): void {
  const schedules = fleet
    .command('schedules')
    .description('lists schedules, starts one now, pauses and resumes them')
    .addHelpText('after', examples('schedules list', 'schedules list --prefix fleet-prod', 'schedules pause SCHEDULE'));
  withPlace(schedules.command('list'))
    .description('lists schedules with their state, their next time and their last run')
    .addHelpText('after', examples('schedules list', 'schedules list --json'))
    .action((options: Options) => answer(options, (place) => listSchedules(place, Date.now())));
  withPlace(schedules.command('run-now').argument('<name>', 'its name, or a part that no other name has'))
    .description('starts what a schedule starts, once, now, also when it is paused')
    .addHelpText('after', `${examples('schedules run-now SCHEDULE')}\n${BY_HAND}`)
    .action((name: string, options: Options) =>
      answer(options, async (place) => runNow(place, await findSchedule(place, name), new Date())),
    );
  withPlace(schedules.command('pause').argument('<name>', 'its name, or a part that no other name has'))
    .description('pauses a schedule, with its watchdog and its check; its times meanwhile are skipped')
    .addHelpText('after', examples('schedules pause SCHEDULE'))
    .action((name: string, options: Options) =>
      answer(options, async (place) => setState(place, await findSchedule(place, name), 'DISABLED')),
    );
  withPlace(schedules.command('resume').argument('<name>', 'its name, or a part that no other name has'))
    .description('resumes a paused schedule')
    .addHelpText('after', examples('schedules resume SCHEDULE'))
    .action((name: string, options: Options) =>
      answer(options, async (place) => setState(place, await findSchedule(place, name), 'ENABLED')),
    );
}

const BY_HAND = `
A run of a pipeline by hand has a name of its own, such as companies-nightly-now-20270328T100000Z, so the run of the coming
night starts as usual. It shares the results of the last night: what has succeeded is not repeated. It may take as long as
the pipeline allows, whatever the schedule's "by" is. The check and its alarm look at the night's own run alone.`;

async function answer(options: Options, act: (place: SchedulesPlace) => Promise<Answer>): Promise<void> {
  const { value, text } = await withSchedules(options, act);
  const output = terminalOutput(options.json ?? false);
  if (options.json === true) output.json(value);
  else output.line(text);
}

function withPlace(command: Command): Command {
  return command
    .option(
      '--prefix <prefix>',
      'a deployed fleet, by the prefix of its stacks in config/<env>.json (default: FLEET_PREFIX)',
    )
    .option('--json', 'one JSON object on stdout');
}
