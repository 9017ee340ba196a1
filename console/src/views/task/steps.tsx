import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSteps, type StepView, type TaskView } from '../../api/tasks.ts';
import { dollars, duration, number } from '../../parts/format.ts';
import { CachedPrefix } from './cached-prefix.tsx';
import { Compared } from './compared.tsx';
import { Prompt } from './prompt.tsx';
import { StepContent } from './step-content.tsx';

interface StepsProps {
  readonly task: TaskView;
  readonly steps: readonly StepView[];
}

/** Steps that are open at first. */
const MAX_OPEN = 4;

/** Of a task that retries another, the steps of that one, to compare with. None for any other task. */
function useBefore({ retryOf }: TaskView): readonly StepView[] {
  return useSteps(retryOf ?? '', false, retryOf !== undefined).data ?? [];
}

/** The model calls and tool calls of a task: what each was asked, what it answered, and what it cost. */
export function Steps({ task, steps }: StepsProps) {
  const before = useBefore(task);
  if (steps.length === 0) return <Box color="text-body-secondary">No step has finished yet.</Box>;
  return (
    <SpaceBetween size="xs">
      <NotKept task={task} />
      {steps.map((step) => (
        <ExpandableSection
          key={step.index}
          defaultExpanded={steps.length <= MAX_OPEN}
          headerText={headerOf(step)}
          headerDescription={descriptionOf(step)}
        >
          <SpaceBetween size="s">
            {step.usage && <CachedPrefix usage={step.usage} />}
            <Prompt task={task} steps={steps} index={step.index} />
            <StepContent step={step} />
            {task.retryOf !== undefined && (
              <Compared step={step} before={before.find(({ index }) => index === step.index)} />
            )}
          </SpaceBetween>
        </ExpandableSection>
      ))}
    </SpaceBetween>
  );
}

/** A call that failed left no step, so the console cannot compare it with the one that succeeded. */
function NotKept({ task: { attempts, crashes } }: { readonly task: TaskView }) {
  if (attempts + crashes === 0) return null;
  return (
    <Box color="text-body-secondary">
      Only finished steps are kept. What a failed attempt of a step sent and got is not: the trace and the logs say why
      it failed.
    </Box>
  );
}

const headerOf = ({ index, kind, model, tool, isError }: StepView): string =>
  `${index + 1}. ${kind === 'model' ? (model ?? 'Model call') : `Tool ${tool ?? ''}`}${isError === true ? ' (error)' : ''}`;

function descriptionOf({ startedAt, endedAt, usage, usd, stopReason, rise, isSummary }: StepView): string {
  const words = [duration(Date.parse(endedAt) - Date.parse(startedAt))];
  if (usage) words.push(`${number(usage.input + usage.cacheRead + usage.cacheWrite)} in, ${number(usage.output)} out`);
  if (usd !== undefined) words.push(dollars(usd));
  if (stopReason !== undefined) words.push(`stopped: ${stopReason}`);
  if (rise !== undefined) words.push(`stronger model: ${rise}`);
  if (isSummary === true) words.push('summary of the session');
  return words.join(' · ');
}
