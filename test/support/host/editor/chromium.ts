import type { Log } from '../command';
import { findProgram, installPackages } from '../install/debian';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const WHY = 'The browser tests need Chromium or Chrome: install one, or name it in CHROMIUM_PATH';

/**
 * Finds Chromium or Chrome on this machine. Installs Debian's Chromium if that is possible without
 * asking.
 */
export async function findChromium(log: Log): Promise<string> {
	const found = process.env.CHROMIUM_PATH || findProgram(NAMES);
	if (found) return found;
	await installPackages(['chromium'], WHY, log);
	const installed = findProgram(NAMES);
	if (!installed) throw new Error('Chromium is not on the PATH after its installation');
	return installed;
}
