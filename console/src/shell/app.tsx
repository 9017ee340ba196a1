import AppLayout from '@cloudscape-design/components/app-layout';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { Router } from 'wouter';
import { queryClient } from '../api/query-client.ts';
import { signedOut } from '../api/signed-out.ts';
import { useStore } from '../parts/store.ts';
import { IncidentBar } from './incident-bar.tsx';
import { Navigation } from './navigation.tsx';
import { NoticeBar } from './notice-bar.tsx';
import { Routes } from './routes.tsx';
import { SignIn } from '../sign-in/sign-in.tsx';
import { TopBar } from './top-bar.tsx';

/** Where the console is served. */
const BASE = '/console';

export function App() {
  const isOut = useStore(signedOut);
  return (
    <I18nProvider locale="en" messages={[messages]}>
      <QueryClientProvider client={queryClient}>
        <Router base={BASE}>{isOut ? <SignIn /> : <Layout />}</Router>
      </QueryClientProvider>
    </I18nProvider>
  );
}

function Layout() {
  const [isOpen, setOpen] = useState(() => matchMedia('(min-width: 900px)').matches);
  return (
    <>
      <TopBar />
      <AppLayout
        headerSelector="#top-bar"
        navigation={<Navigation />}
        navigationOpen={isOpen}
        onNavigationChange={({ detail }) => setOpen(detail.open)}
        notifications={<NoticeBar />}
        stickyNotifications
        toolsHide
        maxContentWidth={Number.MAX_VALUE}
        content={
          <>
            <IncidentBar />
            <Routes />
          </>
        }
      />
    </>
  );
}
