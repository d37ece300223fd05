import z from 'z'
import a from 'a'
