import { render } from 'preact';
import { App, fetchPage } from './app.tsx';
import { configuration, startConfiguration } from './configuration.ts';
import './kit/kit.css';
import './shell/shell.css';
import { reportScriptErrors } from './report.ts';
import { startText } from './text/text.ts';

reportScriptErrors();
const root = document.getElementById('app');
if (!root) throw new Error('index.html: has no #app');

/** No `await` of the module itself: files of pages share code with this one, and would wait for it while it waits for them. */
async function start(into: Element): Promise<void> {
  await startConfiguration();
  await Promise.all([startText(configuration.value.languages), fetchPage(location.pathname)]);
  render(<App />, into);
}
void start(root);
