import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { StepView } from '../../api/tasks.ts';
import { Verbatim } from '../../parts/verbatim.tsx';
import { partsOf, type StepPart } from './parts-of-step.ts';

/** What a model or a tool said. */
export function StepContent({ step }: { readonly step: StepView }) {
  const label = step.kind === 'model' ? 'Answer of the model' : `Result of ${step.tool ?? 'the tool'}`;
  return (
    <SpaceBetween size="xs">
      {partsOf(step.content).map((part, index) => (
        // Parts of a step never change.
        // oxlint-disable-next-line react/no-array-index-key
        <Part key={index} part={part} label={label} />
      ))}
      {step.stack !== undefined && <Verbatim label="Where it was thrown" value={step.stack} />}
    </SpaceBetween>
  );
}

function Part({ part, label }: { readonly part: StepPart; readonly label: string }) {
  switch (part.type) {
    case 'text':
      return <Verbatim label={label} value={part.text} />;
    case 'tool-use':
      return (
        <div>
          <Box variant="awsui-key-label">Calls {part.name}</Box>
          <Verbatim label={`Input of ${part.name}`} value={part.input} />
        </div>
      );
    case 'search':
      return (
        <Verbatim
          label="Pages that the search found"
          value={part.found.map(({ title, url }) => `${title}\n${url}`).join('\n\n')}
        />
      );
    case 'unknown':
      return <Verbatim label={label} value={part.value} />;
  }
}
