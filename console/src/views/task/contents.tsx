import ColumnLayout from '@cloudscape-design/components/column-layout';
import Header from '@cloudscape-design/components/header';
import type { TaskView } from '../../api/tasks.ts';
import { Verbatim } from '../../parts/verbatim.tsx';

/** What a task was given, and what it answered. */
export function Contents({ task: { input, inputKey, output, metadata } }: { readonly task: TaskView }) {
  return (
    <ColumnLayout columns={2}>
      <div>
        <Header variant="h3" headingTagOverride="h2">
          Input
        </Header>
        <Verbatim label="Input" value={inputKey ?? input ?? 'none'} />
        {metadata && (
          <Header variant="h3" headingTagOverride="h2">
            Metadata
          </Header>
        )}
        {metadata && <Verbatim label="Metadata" value={metadata} />}
      </div>
      <div>
        <Header variant="h3" headingTagOverride="h2">
          Output
        </Header>
        <Verbatim label="Output" value={output ?? 'none yet'} />
      </div>
    </ColumnLayout>
  );
}
