import Alert from '@cloudscape-design/components/alert';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import { z } from 'zod';
import { hasEnded, type StepView, type TaskView } from '../../api/tasks.ts';
import { useTrace } from '../../api/trace.ts';
import { useNow } from '../../parts/now.ts';
import { useSearchState } from '../../url/use-search-state.ts';
import { spansOfSteps } from './waterfall/spans-of-steps.ts';
import { WaterfallView } from './waterfall/waterfall-view.tsx';

const SEARCH = { width: z.enum(['time', 'dollars']), span: z.string().max(128) };

/** Where the time and the money of a task went: its trace, or its steps if the trace was not kept. */
export function Trace({ task, steps }: { readonly task: TaskView; readonly steps: readonly StepView[] }) {
  const { values, change } = useSearchState(SEARCH);
  const trace = useTrace(task.id, !hasEnded(task));
  const now = useNow();
  const isKept = (trace.data?.spans.length ?? 0) > 0;
  const spans = useMemo(
    () => (trace.data && isKept ? trace.data.spans : spansOfSteps(task, steps, now)),
    [trace.data, isKept, task, steps, now],
  );
  const width = values.width ?? 'time';
  return (
    <SpaceBetween size="s">
      {trace.data?.truncated && <Alert type="info">The trace has more spans than the 2,000 that are shown.</Alert>}
      {!isKept && !trace.isPending && (
        <Alert type="info">No trace of this task was kept. What is shown follows from its steps.</Alert>
      )}
      <SegmentedControl
        label="Width of the bars"
        selectedId={width}
        onChange={({ detail }) => change({ width: detail.selectedId }, { replace: true })}
        options={[
          { id: 'time', text: 'Time' },
          { id: 'dollars', text: 'Dollars' },
        ]}
      />
      <WaterfallView
        spans={spans}
        by={width}
        selected={values.span}
        select={(span) => change({ span }, { replace: true })}
      />
    </SpaceBetween>
  );
}
