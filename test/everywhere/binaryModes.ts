import { readFiles } from '../e2e/bench';
import { images } from '../support/engine/media';
import { nameOf, PLATFORMS } from './hosts';
import { withInstallation } from './installation';
import type { Row } from './row';
import { Tally } from './tally';
import { runWorkloads } from './workloads';

/** `default` keeps files inline in the items, as base64. */
const MODES = ['filesystem', 'database', 'default'];

export async function* binaryModes(): AsyncGenerator<Row> {
	for (const platform of PLATFORMS) {
		for (const mode of MODES) {
			const tally = new Tally();
			const env = { N8N_DEFAULT_BINARY_DATA_MODE: mode, N8N_AVAILABLE_BINARY_DATA_MODES: mode };
			await withInstallation({ ...platform, env }, async ({ bench }) => {
				await runWorkloads(bench, tally);
				const files = await bench.write(images(1));
				const { items } = await bench.run([readFiles(files), bench.imageNode()]);
				const { id = 'default:' } = items[0]?.binary?.data ?? {};
				tally.expect(id.startsWith(mode), `files in mode ${mode}, not ${id.split(':')[0]}`);
			});
			yield tally.row(nameOf(platform), `binary data in mode ${mode}`);
		}
	}
}
