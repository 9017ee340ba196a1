import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useReport, type RunView } from '../../api/runs.ts';
import { Age } from '../../parts/age.tsx';
import { CommandLine } from '../../parts/command-line.tsx';
import { fleetCommand } from '../../parts/commands.ts';
import { FailureBox } from '../../parts/failure-box.tsx';
import { bytes } from '../../parts/format.ts';

/** The files of a run's report, each as a download: they quote documents, and so are never shown as a page of ours. */
export function Report({ run: { id } }: { readonly run: RunView }) {
  const report = useReport(id);
  const files = report.data?.files ?? [];
  if (report.error) return <FailureBox error={report.error} />;
  if (files.length === 0) return null;
  return (
    <Container header={<Header description={<CommandLine command={fleetCommand.report(id)} />}>Report</Header>}>
      <SpaceBetween size="xs">
        {files.map(({ name, size, writtenAt, url }) => (
          <Box key={name}>
            <Link href={url} external externalIconAriaLabel="downloads a file" rel="noopener noreferrer">
              {name}
            </Link>{' '}
            {bytes(size)}, written <Age at={writtenAt} />
          </Box>
        ))}
        {report.data?.complete === false && <Box>The report has more files, in the bucket of its workflow.</Box>}
      </SpaceBetween>
    </Container>
  );
}
