import { rm } from 'node:fs/promises';
import type { Started } from './setup';

export default async function tearDown(): Promise<void> {
	const { bitMindE2e } = globalThis as { bitMindE2e?: Started };
	await bitMindE2e?.n8n.stop();
	if (bitMindE2e) await rm(bitMindE2e.filesFolder, { recursive: true, force: true });
}
