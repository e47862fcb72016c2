import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

/** Scripts by the path that a page asks for, and the modules that each is bundled from, as `examples/` names them. */
export type Scripts = Readonly<Record<string, readonly string[]>>;

export interface ExamplePages {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  close(): Promise<void>;
}

/** Serves one page of `examples/` and its scripts, bundled for a browser as an app's own build would do it. */
export async function serveExamples(html: string, scripts: Scripts): Promise<ExamplePages> {
  const files = new Map([['/', { type: 'text/html', text: html }]]);
  for (const [path, modules] of Object.entries(scripts)) {
    files.set(path, { type: 'text/javascript', text: await bundle(modules) });
  }
  const server = createServer(({ url = '' }, response) => {
    const file = files.get(url);
    response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' });
    response.end(file?.text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** An ES module; what its modules export is also on `globalThis.example`, where a test can reach it. */
async function bundle(modules: readonly string[]): Promise<string> {
  const imports = modules.map((module, i) => `import * as module${i} from '${module}';`);
  const all = ['globalThis.example', ...modules.map((_, i) => `module${i}`)].map((name) => `...${name}`);
  const { outputFiles } = await build({
    stdin: {
      contents: [...imports, `globalThis.example = { ${all.join(', ')} };`].join('\n'),
      resolveDir: examples,
    },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    alias: { 'vestibule/client': fileURLToPath(new URL('../../client/index.ts', import.meta.url)) },
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}
