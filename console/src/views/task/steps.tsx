import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { StepView, TaskView } from '../../api/tasks.ts';
import { dollars, duration, number } from '../../parts/format.ts';
import { CachedPrefix } from './cached-prefix.tsx';
import { Prompt } from './prompt.tsx';
import { StepContent } from './step-content.tsx';

interface StepsProps {
  readonly task: TaskView;
  readonly steps: readonly StepView[];
}

/** Steps that are open at first. */
const MAX_OPEN = 4;

/** The model calls and tool calls of a task: what each was asked, what it answered, and what it cost. */
export function Steps({ task, steps }: StepsProps) {
  if (steps.length === 0) return <Box color="text-body-secondary">No step has finished yet.</Box>;
  return (
    <SpaceBetween size="xs">
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
          </SpaceBetween>
        </ExpandableSection>
      ))}
    </SpaceBetween>
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
