import { randomUUID } from 'node:crypto';
import type { OnEvent } from '../../events.ts';
import type { EventPattern } from '../../lambda/event-pattern.ts';
import { deliver } from '../scheduler/targets.ts';
import type { Target } from '../scheduler/targets.ts';
import type { Caller, CallService } from '../service.ts';

/** A rule of the default event bus, with one target. */
export interface EventRule {
  readonly name: string;
  readonly pattern: EventPattern;
  readonly target: Target;
}

/** What a service emits to the default event bus. */
export interface EmittedEvent {
  /** Such as `aws.states`. */
  readonly source: string;
  readonly type: string;
  readonly resources: readonly string[];
  readonly detail: object;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface EventRulesOptions {
  readonly account: string;
  readonly region: string;
  readonly call: CallService;
  readonly onEvent: OnEvent;
}

/** The rules of the default event bus. An event is delivered once and not stored: on AWS too it is best effort. */
export class EventRules {
  readonly #options: EventRulesOptions;
  readonly #rules: { readonly rule: EventRule; readonly caller: Caller }[] = [];

  constructor(options: EventRulesOptions) {
    this.#options = options;
  }

  add(rule: EventRule, caller: Caller): void {
    this.#rules.push({ rule, caller });
  }

  /** Delivers an event to the targets of all rules that match it. */
  readonly emit = ({ source, type, resources, detail, at }: EmittedEvent): void => {
    const { account, region, call, onEvent } = this.#options;
    const time = new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
    const head = { version: '0', id: randomUUID(), 'detail-type': type, source, account, time, region };
    const event = { ...head, resources, detail };
    for (const { rule, caller } of this.#rules) {
      if (!rule.pattern(event)) continue;
      const details = { schedule: rule.name, target: rule.target.arn };
      deliver(rule.target, event, { id: head.id, scheduleArn: rule.name, firedAt: at }, caller, call).catch(
        (error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          onEvent({ code: 'schedule.failed', ...details, reason });
        },
      );
    }
  };
}
