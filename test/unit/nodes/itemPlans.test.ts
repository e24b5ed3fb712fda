import type { IExecuteFunctions } from 'n8n-workflow';
import { IMAGES } from '../../../client/model/mediaKind';
import { planItems } from '../../../nodes/shared/input/itemPlans';
import { openExecution } from '../../../nodes/shared/settings/execution';
import type { RunSettings } from '../../../nodes/shared/settings/runSettings';

const PARAMETERS: Record<string, unknown> = { binaryPropertyName: 'data', options: {} };
const items = Array.from({ length: 800 }, (_, n) => ({
	json: {},
	binary: { data: { id: `database:${n}`, data: 'database', mimeType: 'image/png' } },
}));

/** Plans the items of a storage, and cancels the run after the first few have been read. */
async function canceled(getBinaryMetadata: () => Promise<never>): Promise<number> {
	const controller = new AbortController();
	let asked = 0;
	const context = {
		getNode: () => ({ type: 'n8n-nodes-bitmind.batchImageDetect' }),
		getInputData: () => items,
		continueOnFail: () => true,
		getExecutionCancelSignal: () => controller.signal,
		getNodeParameter: (name: string) => PARAMETERS[name],
		getWorkflowSettings: () => ({}),
		helpers: {
			getBinaryMetadata: async () => {
				if (++asked === 14) controller.abort(new Error('canceled'));
				return await getBinaryMetadata();
			},
		},
	} as unknown as IExecuteFunctions;
	const settings = { value: { kind: IMAGES, timeoutMs: 60_000 } as RunSettings };
	const planning = planItems(openExecution(context, IMAGES), settings);
	await expect(planning).rejects.toThrow('canceled');
	return asked;
}

it('bug: a canceled run reads no more files', async () => {
	const asked = await canceled(async () => {
		throw new Error('gone');
	});
	expect(asked).toBeLessThan(30);
});

it("bug: a canceled run doesn't wait for storage that doesn't respond", async () => {
	let asked = 0;
	await canceled(async () => {
		if (++asked > 12) return await new Promise<never>(() => {});
		throw new Error('gone');
	});
});
