import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import type { StepView } from '../../api/tasks.ts';
import { Verbatim } from '../../parts/verbatim.tsx';
import { changedLines, textOfStep } from './step-diff.ts';

interface ComparedProps {
  readonly step: StepView;
  /** The step at the same place of the task that this one retries. */
  readonly before: StepView | undefined;
}

/** How a step differs from the same step of the attempt before. */
export function Compared({ step, before }: ComparedProps) {
  return (
    <ExpandableSection variant="footer" headerText="Compared with the attempt before">
      <Difference step={step} before={before} />
    </ExpandableSection>
  );
}

function Difference({ step, before }: ComparedProps) {
  if (before === undefined) return <Box>The attempt before has not finished a step here.</Box>;
  const lines = changedLines(`${nameOf(before)}\n${textOfStep(before)}`, `${nameOf(step)}\n${textOfStep(step)}`);
  if (lines.length === 0) return <Box>The same as before.</Box>;
  return <Verbatim label="Changes: - before, + now" value={lines.join('\n')} />;
}

const nameOf = ({ kind, model, tool }: StepView): string =>
  kind === 'model' ? (model ?? 'model call') : `tool ${tool}`;
