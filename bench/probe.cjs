// Loaded before n8n (`node --require`). Writes what only its process knows when the process ends.
const { readFileSync, writeFileSync } = require('node:fs');
const { PerformanceObserver } = require('node:perf_hooks');

let gcMilliseconds = 0;
new PerformanceObserver((list) => {
	for (const { duration } of list.getEntries()) gcMilliseconds += duration;
}).observe({ entryTypes: ['gc'] });

process.on('exit', () => {
	const [, peakKilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
	const measured = { peakMegabytes: Number(peakKilobytes) / 1024, gcMilliseconds };
	writeFileSync(process.env.BITMIND_BENCH_PROBE, JSON.stringify(measured));
});
