import { render } from 'preact';
import { App } from './app.tsx';
import './kit/kit.css';
import { reportScriptErrors } from './report.ts';
import { startText } from './text/text.ts';

reportScriptErrors();
const root = document.getElementById('app');
if (!root) throw new Error('index.html: has no #app');
await startText();
render(<App />, root);
