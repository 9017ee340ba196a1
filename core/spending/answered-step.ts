import type { Catalogue } from '../models/catalogue.ts';
import { costUsd, savedUsd } from '../models/price.ts';
import type { ReportEvent } from '../ports/events.ts';
import type { ModelAnswer } from '../ports/model.ts';
import { isAnswerPart, type ModelStep } from '../tasks/step.ts';
import type { Task } from '../tasks/task.ts';

/** The call that a model answered. */
export type AnsweredCall = Pick<
  ModelStep,
  'taskId' | 'index' | 'epoch' | 'startedAt' | 'endedAt' | 'rise' | 'isSummary'
> & {
  /** As the catalogue names it. */
  readonly model: string;
};

/** The step that a model's answer becomes, with its true cost. */
export function answeredStep(catalogue: Catalogue, { model, ...call }: AnsweredCall, answer: ModelAnswer): ModelStep {
  return {
    kind: 'model',
    ...call,
    model: answer.model,
    requestId: answer.requestId,
    stopReason: answer.stopReason,
    content: answer.content.filter(isAnswerPart),
    usage: answer.usage,
    usd: costUsd(catalogue, model, answer.usage),
    savedUsd: savedUsd(catalogue, model, answer.usage),
  };
}

/** Reports an answer, once its step counts. */
export function reportAnswer(report: ReportEvent, task: Task, step: ModelStep): void {
  const { model, requestId, usage, usd, savedUsd: saved = 0, startedAt, endedAt } = step;
  const ms = endedAt - startedAt;
  report(task, { type: 'model.answered', model, requestId, usage, usd, savedUsd: saved, ms });
}
