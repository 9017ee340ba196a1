import './jitless.ts';
import '@cloudscape-design/global-styles/index.css';
import './app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { showTheme } from './parts/theme.ts';
import { App } from './shell/app.tsx';
import { completeSignIn } from './sign-in/cognito.ts';
import { readSettings } from './sign-in/settings.ts';

/** Ends a sign-in that has just led back here. Otherwise it asks nobody, since each request would delay the page. */
async function signIn(): Promise<void> {
  const isBack = new URLSearchParams(location.search).has('code');
  if (!isBack && sessionStorage.getItem('agent-fleet.refresh') === null) return;
  const settings = await readSettings();
  if (settings.signIn === 'cognito') await completeSignIn(settings);
}

function show(): void {
  showTheme();
  const root = document.getElementById('root');
  if (root !== null)
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    );
}

// A sign-in that fails leads to the sign-in page again: the API answers with status 401.
signIn().then(show, show);
