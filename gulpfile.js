const { rmSync } = require('node:fs');
const { dest, series, src } = require('gulp');

// tsc leaves files of deleted sources behind, and the package ships the whole of dist.
async function clean() {
	rmSync('dist', { recursive: true, force: true });
}

// tsc copies neither icons nor codex files; n8n looks for both beside the compiled node.
function assets() {
	const files = ['{nodes,credentials}/**/*.svg', 'nodes/**/*.node.json'];
	return src(files, { base: '.', encoding: false }).pipe(dest('dist'));
}

exports.clean = clean;
exports.assets = assets;
exports.default = series(assets);
