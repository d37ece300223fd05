export class Kernel {
    boot() {
        const plugins = [
            A,
            B
        ];
        return plugins;
    }
}
