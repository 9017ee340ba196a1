import type { Construct } from 'constructs';
import { Schedule, type Pipeline, type ScheduleProps, type SystemProps } from '#lib/index.ts';
import { CompaniesStack } from '../docs/patterns/pipeline.ts';

const NIGHTLY = { name: 'nightly', zone: 'Europe/Berlin', at: '22:00', watchdog: '04:30', by: '06:45' };

/** The companies every night, with changes to the schedule, and a second one of another workflow or name. */
export const every = (change: Partial<ScheduleProps> = {}, second?: Second) =>
  class extends CompaniesStack {
    readonly nightly: Schedule;
    readonly second: Schedule | undefined;

    constructor(scope: Construct, props: SystemProps) {
      super(scope, props);
      const input = { items: { key: 'uploads/companies.jsonl' } };
      const { pipeline } = this;
      const schedule = { pipeline, ...NIGHTLY, input, flexibleMinutes: 10, ...change };
      this.nightly = new Schedule(this, 'Nightly', schedule);
      if (second === undefined) return;
      const workflow = { value: second.workflow ?? pipeline.workflow };
      const other = Object.create(pipeline, { workflow }) as Pipeline;
      const { name = schedule.name } = second;
      this.second = new Schedule(this, 'Second', { ...schedule, pipeline: other, name });
    }
  };

export interface Second {
  readonly workflow?: string;
  readonly name?: string;
}

export const NightlyStack = every();
