import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, type ReactNode } from 'react';
import { AsOf } from './as-of.tsx';
import { FailureBox } from './failure-box.tsx';
import type { Source } from './source.ts';

interface PageProps {
  readonly title: string;
  readonly source?: Source | undefined;
  readonly actions?: ReactNode;
  readonly description?: ReactNode;
  readonly children: ReactNode;
}

/** A view: its title, when its data was read, its actions, and what went wrong. */
export function Page({ title, source, actions, description, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · agent-fleet`;
  }, [title]);
  return (
    <ContentLayout
      header={
        <Header variant="h1" actions={actions} description={description} info={source && <AsOf source={source} />}>
          {title}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {source?.error && <FailureBox error={source.error} retry={() => void source.refetch()} />}
        {children}
      </SpaceBetween>
    </ContentLayout>
  );
}
