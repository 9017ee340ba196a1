import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { StepView, TaskView } from '../../api/tasks.ts';
import { Verbatim } from '../../parts/verbatim.tsx';
import { addedSince } from './added.ts';
import { StepContent } from './step-content.tsx';

interface PromptProps {
  readonly task: TaskView;
  readonly steps: readonly StepView[];
  readonly index: number;
}

/** What a model call was asked: the task's input, or what was added to the prompt of the call before. */
export function Prompt({ task, steps, index }: PromptProps) {
  const added = addedSince(steps, index);
  if (added === null) return null;
  const isFirst = added.length === 0;
  return (
    <ExpandableSection
      variant="footer"
      headerText={isFirst ? 'Prompt: the agent’s system prompt and the task’s input' : 'Added to the prompt before'}
    >
      {isFirst ? (
        <Verbatim label="Input of the task" value={task.inputKey ?? task.input ?? ''} />
      ) : (
        <SpaceBetween size="xs">
          {added.map((step) => (
            <StepContent key={step.index} step={step} />
          ))}
        </SpaceBetween>
      )}
    </ExpandableSection>
  );
}
