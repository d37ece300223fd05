@Component({
    selector: 'app',
    c: 1
})
class App {}
